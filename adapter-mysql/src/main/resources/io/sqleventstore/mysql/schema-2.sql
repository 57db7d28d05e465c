-- SQL Event Store, from schema version 1 to 2, for MySQL 8.0.17 and MariaDB 10.11 and later: two views for people, reports and clients in
-- other languages.

-- The events, without voids; ids as texts, with a collation so that they compare with texts of any connection.
CREATE VIEW {p}replay_events AS
SELECT position,
  CONVERT(INSERT(INSERT(INSERT(INSERT(LOWER(HEX(event_id)), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-') USING utf8mb4)
    COLLATE {collation} AS event_id,
  entity, entity_key, revision,
  CONVERT(INSERT(INSERT(INSERT(INSERT(LOWER(HEX(previous_id)), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-') USING utf8mb4)
    COLLATE {collation} AS previous_id,
  event, append_key, append_index, data, metadata, recorded_at
FROM {p}event_ledger
WHERE entity <> '~void';

-- The newest event of each entity, which the next one has to follow. By way of the first, and by the newest one's position, so that one
-- entity takes three looks into indexes, however long its history is: asked for the newest one's revision, MariaDB reads all events of the name.
CREATE VIEW {p}event_heads AS
SELECT begun.entity, begun.entity_key, newest.revision,
  CONVERT(INSERT(INSERT(INSERT(INSERT(LOWER(HEX(newest.event_id)), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-') USING utf8mb4)
    COLLATE {collation} AS event_id,
  newest.position
FROM {p}event_ledger begun
JOIN {p}event_ledger newest ON newest.position = (SELECT one.position FROM {p}event_ledger one
  WHERE one.entity = begun.entity AND one.entity_key = begun.entity_key
  ORDER BY one.revision DESC
  LIMIT 1)
WHERE begun.revision = 1
  AND begun.entity <> '~void';

INSERT INTO {p}event_schema (version) VALUES (2);
