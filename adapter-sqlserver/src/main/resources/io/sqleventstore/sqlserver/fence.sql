INSERT INTO {p}event_void (position, event_id, entity, entity_key, revision, event, append_key, append_index, data)
SELECT position, event_id, N'~void', entity_key, 1, N'~void', append_key, 0, N'[]'
FROM (VALUES
{rows:(?, ?, ?, ?)}) AS settled (position, event_id, entity_key, append_key)
ORDER BY position
OPTION (LOOP JOIN)
