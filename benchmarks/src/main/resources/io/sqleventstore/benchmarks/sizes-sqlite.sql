SELECT COALESCE((SELECT group_concat(i.name, ', ') FROM pragma_index_info(part.name) i), part.name), part.bytes
FROM (SELECT l.name, SUM(d.pgsize) AS bytes
  FROM (SELECT '{table}' AS name UNION ALL SELECT name FROM pragma_index_list('{table}')) l
  CROSS JOIN dbstat d ON d.name = l.name
  GROUP BY l.name) part
ORDER BY part.name <> '{table}', part.name
