-- SQL Event Store, from schema version 1 to 2, for Oracle Database 19c and later: two views for people, reports and clients in other languages.
-- Oracle commits before and after each view, so each may be repeated: an upgrade that broke off is continued.

-- The events, without voids; ids as texts.
CREATE OR REPLACE VIEW {p}replay_events AS
SELECT position,
  LOWER(SUBSTR(RAWTOHEX(event_id), 1, 8) || '-' || SUBSTR(RAWTOHEX(event_id), 9, 4) || '-' || SUBSTR(RAWTOHEX(event_id), 13, 4) || '-'
    || SUBSTR(RAWTOHEX(event_id), 17, 4) || '-' || SUBSTR(RAWTOHEX(event_id), 21)) AS event_id,
  entity, entity_key, revision,
  CASE WHEN previous_id IS NOT NULL THEN
    LOWER(SUBSTR(RAWTOHEX(previous_id), 1, 8) || '-' || SUBSTR(RAWTOHEX(previous_id), 9, 4) || '-' || SUBSTR(RAWTOHEX(previous_id), 13, 4) || '-'
      || SUBSTR(RAWTOHEX(previous_id), 17, 4) || '-' || SUBSTR(RAWTOHEX(previous_id), 21)) END AS previous_id,
  event, append_key, append_index, data, metadata, recorded_at
FROM {p}event_ledger
WHERE entity <> '~void';

-- The newest event of each entity, which the next one has to follow. By way of the first, so that one entity takes three looks into the
-- index event_ledger_line, however long its history is.
CREATE OR REPLACE VIEW {p}event_heads AS
SELECT begun.entity, begun.entity_key, newest.revision,
  LOWER(SUBSTR(RAWTOHEX(newest.event_id), 1, 8) || '-' || SUBSTR(RAWTOHEX(newest.event_id), 9, 4) || '-'
    || SUBSTR(RAWTOHEX(newest.event_id), 13, 4) || '-' || SUBSTR(RAWTOHEX(newest.event_id), 17, 4) || '-'
    || SUBSTR(RAWTOHEX(newest.event_id), 21)) AS event_id,
  newest.position
FROM {p}event_ledger begun
JOIN {p}event_ledger newest ON newest.entity = begun.entity AND newest.entity_key = begun.entity_key
WHERE begun.revision = 1
  AND begun.entity <> '~void'
  AND newest.revision = (SELECT MAX(one.revision) FROM {p}event_ledger one
    WHERE one.entity = begun.entity AND one.entity_key = begun.entity_key);

INSERT INTO {p}event_schema (version) VALUES (2);
