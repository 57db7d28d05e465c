SELECT TOP (1) revision, event_id, position
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_link), FORCESEEK)
WHERE entity = :entity AND entity_key = :key
ORDER BY revision DESC
