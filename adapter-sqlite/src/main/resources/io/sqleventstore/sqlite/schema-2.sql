-- SQL Event Store, from schema version 1 to 2, for SQLite 3.37 and later: two views for people, reports and clients in other languages.

-- The events, without voids; ids as texts.
CREATE VIEW {p}replay_events AS
SELECT position,
  lower(substr(hex(event_id), 1, 8) || '-' || substr(hex(event_id), 9, 4) || '-' || substr(hex(event_id), 13, 4) || '-'
    || substr(hex(event_id), 17, 4) || '-' || substr(hex(event_id), 21)) AS event_id,
  entity, entity_key, revision,
  CASE WHEN previous_id IS NOT NULL THEN
    lower(substr(hex(previous_id), 1, 8) || '-' || substr(hex(previous_id), 9, 4) || '-' || substr(hex(previous_id), 13, 4) || '-'
      || substr(hex(previous_id), 17, 4) || '-' || substr(hex(previous_id), 21)) END AS previous_id,
  event, append_key, append_index, data, metadata, recorded_at
FROM {n}event_ledger
WHERE entity <> '~void';

-- The newest event of each entity, which the next one has to follow. By way of the first, so that one entity takes three looks into the
-- index event_ledger_line, however long its history is.
CREATE VIEW {p}event_heads AS
SELECT begun.entity, begun.entity_key, newest.revision,
  lower(substr(hex(newest.event_id), 1, 8) || '-' || substr(hex(newest.event_id), 9, 4) || '-' || substr(hex(newest.event_id), 13, 4)
    || '-' || substr(hex(newest.event_id), 17, 4) || '-' || substr(hex(newest.event_id), 21)) AS event_id,
  newest.position
FROM {n}event_ledger begun
JOIN {n}event_ledger newest ON newest.entity = begun.entity AND newest.entity_key = begun.entity_key
WHERE begun.revision = 1
  AND begun.entity <> '~void'
  AND newest.revision = (SELECT MAX(one.revision) FROM {n}event_ledger one
    WHERE one.entity = begun.entity AND one.entity_key = begun.entity_key);

INSERT INTO {p}event_schema (version) VALUES (2);
