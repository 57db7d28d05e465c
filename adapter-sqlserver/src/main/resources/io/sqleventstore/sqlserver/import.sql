INSERT INTO {p}event_ledger (position, event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata, recorded_at)
SELECT position, event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata, CAST(recorded_at AS DATETIME2(6))
FROM (VALUES
{rows:(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}) AS imported (position, event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata, recorded_at)
ORDER BY position
OPTION (LOOP JOIN)
