SELECT event_id, position
FROM FINAL TABLE (
INSERT INTO {p}event_ledger (event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata)
VALUES
{rows:(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
)
