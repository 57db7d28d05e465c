-- SQL Event Store, schema version 1, for SQL Server 2019 and later and Azure SQL. A line GO ends a batch for sqlcmd and the like.

CREATE TABLE {p}event_schema (
  version      INT          NOT NULL,
  installed_at DATETIME2(6) NOT NULL CONSTRAINT {n}event_schema_clock DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT {n}event_schema_pk PRIMARY KEY CLUSTERED (version)
);
GO

-- The registry: which events an entity name may have. ~void is reserved for positions that no event has. A binary collation compares
-- exactly, but for blanks at the end, which are refused; NVARCHAR counts UTF-16 code units, as Java does.
CREATE TABLE {p}event_registry (
  entity NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  event  NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  CONSTRAINT {n}event_registry_pk PRIMARY KEY CLUSTERED (entity, event),
  CONSTRAINT {n}event_registry_entity CHECK (DATALENGTH(entity) > 0 AND CHARINDEX(NCHAR(0), entity) = 0
    AND UNICODE(entity) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
    AND UNICODE(RIGHT(entity, 1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
    AND (entity = N'~void' OR UNICODE(entity) <> 126)),
  CONSTRAINT {n}event_registry_event CHECK (DATALENGTH(event) > 0 AND CHARINDEX(NCHAR(0), event) = 0
    AND UNICODE(event) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
    AND UNICODE(RIGHT(event, 1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
    AND ((entity = N'~void' AND UNICODE(event) = 126) OR (entity <> N'~void' AND UNICODE(event) <> 126)))
);
GO

-- Positions: one cache for all sessions, so that they ascend in the order of the appends. What is lost of it in a crash is a run of
-- missing positions, a hundred at most. A sequence, not IDENTITY, so that voids need no special right.
CREATE SEQUENCE {p}event_ledger_position_seq AS BIGINT START WITH 1 INCREMENT BY 1 MINVALUE 1 NO CYCLE CACHE 100;
GO

-- The ledger. The set of revisions of an entity is exactly 1..n and each event points back at the one before, because of
-- event_ledger_line, event_ledger_prior and event_ledger_chain together. The foreign key to the registry compares as SQL
-- Server does, without the blanks at the end: event_ledger_names refuses those. Without page locks a reader that passes over what is not
-- committed passes over nothing else.
CREATE TABLE {p}event_ledger (
  position       BIGINT        NOT NULL CONSTRAINT {n}event_ledger_next DEFAULT (NEXT VALUE FOR {p}event_ledger_position_seq),
  event_id       BINARY(16)    NOT NULL,
  entity         NVARCHAR(64)  COLLATE Latin1_General_100_BIN2 NOT NULL,
  entity_key     NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  revision       BIGINT        NOT NULL,
  prior_revision BIGINT        NULL,
  previous_id    BINARY(16)    NULL,
  event          NVARCHAR(64)  COLLATE Latin1_General_100_BIN2 NOT NULL,
  append_key     NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  append_index   INT           NOT NULL,
  data           NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  metadata       NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NULL,
  recorded_at    DATETIME2(6)  NOT NULL CONSTRAINT {n}event_ledger_clock DEFAULT (SYSUTCDATETIME()),
  CONSTRAINT {n}event_ledger_pk PRIMARY KEY CLUSTERED (position) WITH (ALLOW_PAGE_LOCKS = OFF, OPTIMIZE_FOR_SEQUENTIAL_KEY = ON),
  CONSTRAINT {n}event_ledger_position CHECK (position >= 1),
  CONSTRAINT {n}event_ledger_event_id UNIQUE NONCLUSTERED (event_id),
  CONSTRAINT {n}event_ledger_line UNIQUE NONCLUSTERED (entity, entity_key, revision),
  CONSTRAINT {n}event_ledger_link UNIQUE NONCLUSTERED (entity, entity_key, revision, event_id),
  CONSTRAINT {n}event_ledger_append_key UNIQUE NONCLUSTERED (append_key, append_index),
  CONSTRAINT {n}event_ledger_prior CHECK ((revision = 1 AND prior_revision IS NULL AND previous_id IS NULL)
    OR (revision > 1 AND prior_revision IS NOT NULL AND previous_id IS NOT NULL AND prior_revision = revision - 1)),
  CONSTRAINT {n}event_ledger_event FOREIGN KEY (entity, event) REFERENCES {p}event_registry (entity, event),
  CONSTRAINT {n}event_ledger_chain FOREIGN KEY (entity, entity_key, prior_revision, previous_id)
    REFERENCES {p}event_ledger (entity, entity_key, revision, event_id),
  CONSTRAINT {n}event_ledger_key CHECK (DATALENGTH(entity_key) > 0 AND CHARINDEX(NCHAR(0), entity_key) = 0
    AND UNICODE(entity_key) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
    AND UNICODE(RIGHT(entity_key, 1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)),
  CONSTRAINT {n}event_ledger_append CHECK (DATALENGTH(append_key) > 0 AND CHARINDEX(NCHAR(0), append_key) = 0
    AND UNICODE(append_key) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
    AND UNICODE(RIGHT(append_key, 1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)),
  CONSTRAINT {n}event_ledger_names CHECK (UNICODE(RIGHT(entity, 1)) <> 32 AND UNICODE(RIGHT(event, 1)) <> 32),
  CONSTRAINT {n}event_ledger_void CHECK ((entity = N'~void' AND entity_key = N'~void:' + CAST(position AS NVARCHAR(20))
      AND append_key = entity_key AND revision = 1 AND append_index = 0)
    OR (entity <> N'~void' AND UNICODE(entity_key) <> 126 AND UNICODE(append_key) <> 126 AND append_index >= 0)),
  CONSTRAINT {n}event_ledger_data CHECK (ISJSON(data) = 1),
  CONSTRAINT {n}event_ledger_metadata CHECK (metadata IS NULL OR ISJSON(metadata) = 1)
);
GO

-- An append of thousands of events must not lock the table.
ALTER TABLE {p}event_ledger SET (LOCK_ESCALATION = DISABLE);
GO

-- The only thing that a follower may insert: positions that no event will ever have.
CREATE VIEW {p}event_void AS
SELECT position, event_id, entity, entity_key, revision, event, append_key, append_index, data
FROM {p}event_ledger
WHERE entity = N'~void'
WITH CHECK OPTION;
GO

-- Always empty. Its foreign key makes SQL Server refuse TRUNCATE of the ledger (one to the table itself would not), and who locks it
-- holds the gate.
CREATE TABLE {p}event_gate (
  position BIGINT NOT NULL,
  CONSTRAINT {n}event_gate_pk PRIMARY KEY CLUSTERED (position),
  CONSTRAINT {n}event_gate_ledger FOREIGN KEY (position) REFERENCES {p}event_ledger (position),
  CONSTRAINT {n}event_gate_empty CHECK (position < 0)
);
GO

-- Append-only, for everybody. INSTEAD OF, so that nothing is touched before it is refused; no trigger for INSERT, which would forbid
-- OUTPUT.
CREATE TRIGGER {p}event_ledger_no_change ON {p}event_ledger INSTEAD OF UPDATE, DELETE AS
THROW 51000, N'event_ledger is append-only: UPDATE and DELETE are refused', 1;
GO

CREATE TRIGGER {p}event_registry_no_change ON {p}event_registry INSTEAD OF UPDATE, DELETE AS
THROW 51000, N'event_registry is append-only: UPDATE and DELETE are refused', 1;
GO

INSERT INTO {p}event_registry (entity, event) VALUES (N'~void', N'~void');
GO

INSERT INTO {p}event_schema (version) VALUES (1);
GO
