INSERT INTO {p}event_void (position, event_id, entity, entity_key, revision, event, append_key, append_index, data)
VALUES
{rows:(?, ?, '~void', ?, 1, '~void', ?, 0, '[]')}
