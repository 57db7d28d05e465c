SELECT revision, event_id, position
FROM {p}event_ledger
WHERE entity = :entity AND entity_key = :key
  AND revision = (SELECT MAX(revision) FROM {p}event_ledger WHERE entity = :entity AND entity_key = :key)
