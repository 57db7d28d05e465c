SELECT /*+ FIRST_ROWS(1000) */ {columns}
FROM {p}event_ledger
WHERE entity = :entity AND entity_key = :key AND revision > :after
ORDER BY revision
FETCH FIRST :limit ROWS ONLY
