INSERT INTO {p}event_ledger (event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, metadata)
VALUES
{rows:(CAST(? AS uuid), ?, ?, CAST(? AS bigint), CAST(? AS bigint), CAST(? AS uuid), ?, ?, CAST(? AS integer), CAST(? AS json), CAST(? AS json))}
RETURNING event_id, position
