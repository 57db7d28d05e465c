SET XACT_ABORT OFF;
INSERT INTO {p}event_ledger (event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata)
OUTPUT inserted.event_id, inserted.position
SELECT event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata
FROM (VALUES
{rows:(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}) AS appended (event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata)
ORDER BY append_index
OPTION (LOOP JOIN)
