SELECT TOP (:limit) {columns}
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_line), FORCESEEK)
WHERE entity = :entity AND entity_key = :key AND revision > :after
ORDER BY revision
