SELECT CASE WHEN relkind = 't' THEN 'toast' ELSE relname END, pg_relation_size(oid)
FROM pg_class
WHERE oid = CAST('{table}' AS regclass)
   OR oid = (SELECT reltoastrelid FROM pg_class WHERE oid = CAST('{table}' AS regclass))
   OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = CAST('{table}' AS regclass))
ORDER BY relkind <> 'r', relname
