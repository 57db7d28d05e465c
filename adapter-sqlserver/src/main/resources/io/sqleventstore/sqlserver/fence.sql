INSERT INTO {p}event_void (position, event_id, entity, entity_key, revision, event, append_key, append_index, data)
VALUES
{rows:(?, ?, N'~void', ?, 1, N'~void', ?, 0, N'[]')}
