-- SQL Event Store, from schema version 1 to 2, for SQL Server 2019 and later and Azure SQL: two views for people, reports and clients in
-- other languages. A line GO ends a batch for sqlcmd and the like.

-- The events, without voids; ids as texts (a cast to UNIQUEIDENTIFIER would change the order of the bytes).
CREATE VIEW {p}replay_events AS
SELECT position,
  LOWER(STUFF(STUFF(STUFF(STUFF(CONVERT(CHAR(32), event_id, 2), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-')) AS event_id,
  entity, entity_key, revision,
  LOWER(STUFF(STUFF(STUFF(STUFF(CONVERT(CHAR(32), previous_id, 2), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-')) AS previous_id,
  event, append_key, append_index, data, metadata, recorded_at
FROM {p}event_ledger
WHERE entity <> N'~void';
GO

-- The newest event of each entity, which the next one has to follow. By way of the first, so that one entity takes two looks into the
-- indexes of its history, however long that is.
CREATE VIEW {p}event_heads AS
SELECT begun.entity, begun.entity_key, newest.revision,
  LOWER(STUFF(STUFF(STUFF(STUFF(CONVERT(CHAR(32), newest.event_id, 2), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-')) AS event_id,
  newest.position
FROM {p}event_ledger begun
CROSS APPLY (SELECT TOP (1) one.revision, one.event_id, one.position
  FROM {p}event_ledger one
  WHERE one.entity = begun.entity AND one.entity_key = begun.entity_key
  ORDER BY one.revision DESC) newest
WHERE begun.revision = 1
  AND begun.entity <> N'~void';
GO

INSERT INTO {p}event_schema (version) VALUES (2);
GO
