SELECT {columns}
FROM {p}event_ledger
WHERE entity = :entity AND entity_key = :key AND revision > :after
ORDER BY revision
LIMIT :limit
