INSERT INTO {p}event_ledger (position, event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata, recorded_at)
VALUES
{rows:(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
