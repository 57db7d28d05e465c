ANALYZE TABLE {table};

SELECT index_name, stat_value * @@innodb_page_size
FROM mysql.innodb_index_stats
WHERE database_name = '{schema}' AND table_name = '{name}' AND stat_name = 'size'
ORDER BY index_name <> 'PRIMARY', index_name
