SELECT 'InnoDB keeps the generator above every row that is there'
