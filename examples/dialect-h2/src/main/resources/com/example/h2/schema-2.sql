-- SQL Event Store, from schema version 1 to 2, for H2: two views for people, reports and clients in other languages.
-- H2 commits after each of these statements, so each may be repeated: an upgrade that broke off is continued.

-- The events, as they were stored, without voids.
CREATE VIEW IF NOT EXISTS {p}replay_events AS
SELECT position, event_id, entity, entity_key, revision, previous_id, event, append_key, append_index, data, metadata, recorded_at
FROM {p}event_ledger
WHERE entity <> '~void';

-- The newest event of each entity, which the next one has to follow. By way of the first, so that one entity takes three looks into the
-- index event_ledger_line, however long its history is.
CREATE VIEW IF NOT EXISTS {p}event_heads AS
SELECT begun.entity, begun.entity_key, newest.revision, newest.event_id, newest.position
FROM {p}event_ledger begun
JOIN {p}event_ledger newest ON newest.entity = begun.entity AND newest.entity_key = begun.entity_key
WHERE begun.revision = 1
  AND begun.entity <> '~void'
  AND newest.revision = (SELECT MAX(one.revision) FROM {p}event_ledger one
    WHERE one.entity = begun.entity AND one.entity_key = begun.entity_key);

INSERT INTO {p}event_schema (version) VALUES (2);
