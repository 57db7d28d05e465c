-- SQL Event Store, schema version 1, for SQLite 3.37 and later.

CREATE TABLE {p}event_schema (
  version      INTEGER NOT NULL,
  installed_at TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT {n}event_schema_pk PRIMARY KEY (version)
) STRICT;

-- The registry: which events an entity name may have. ~void is reserved for positions that no event has. Texts: not empty, no white space
-- at either end. Usual texts pass by their first and last character (33 to 126), which is cheaper than to look into the list.
CREATE TABLE {p}event_registry (
  entity TEXT NOT NULL,
  event  TEXT NOT NULL,
  CONSTRAINT {n}event_registry_pk PRIMARY KEY (entity, event),
  CONSTRAINT {n}event_registry_entity CHECK (length(entity) BETWEEN 1 AND 64 AND instr(entity, char(0)) = 0
    AND (unicode(entity) BETWEEN 33 AND 126
      OR unicode(entity) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (unicode(substr(entity, -1)) BETWEEN 33 AND 126
      OR unicode(substr(entity, -1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (entity = '~void' OR unicode(entity) <> 126)),
  CONSTRAINT {n}event_registry_event CHECK (length(event) BETWEEN 1 AND 64 AND instr(event, char(0)) = 0
    AND (unicode(event) BETWEEN 33 AND 126
      OR unicode(event) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (unicode(substr(event, -1)) BETWEEN 33 AND 126
      OR unicode(substr(event, -1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (unicode(event) = 126) = (entity = '~void'))
) STRICT, WITHOUT ROWID;

-- The ledger. The set of revisions of an entity is exactly 1..n and each event points back at the one before, because of
-- event_ledger_line, event_ledger_prior and the trigger event_ledger_guard together.
CREATE TABLE {p}event_ledger (
  position       INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id       BLOB    NOT NULL,
  entity         TEXT    NOT NULL,
  entity_key     TEXT    NOT NULL,
  revision       INTEGER NOT NULL,
  prior_revision INTEGER,
  previous_id    BLOB,
  event          TEXT    NOT NULL,
  append_key     TEXT    NOT NULL,
  append_index   INTEGER NOT NULL,
  data           TEXT    NOT NULL,
  metadata       TEXT,
  recorded_at    TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT {n}event_ledger_position CHECK (position >= 1),
  CONSTRAINT {n}event_ledger_event_id UNIQUE (event_id),
  CONSTRAINT {n}event_ledger_id_size CHECK (length(event_id) = 16),
  CONSTRAINT {n}event_ledger_line UNIQUE (entity, entity_key, revision),
  CONSTRAINT {n}event_ledger_append_key UNIQUE (append_key, append_index),
  CONSTRAINT {n}event_ledger_prior CHECK ((revision = 1 AND prior_revision IS NULL AND previous_id IS NULL)
    OR (revision > 1 AND prior_revision IS NOT NULL AND previous_id IS NOT NULL AND prior_revision = revision - 1)),
  CONSTRAINT {n}event_ledger_key CHECK (length(entity_key) BETWEEN 1 AND 255 AND instr(entity_key, char(0)) = 0
    AND (unicode(entity_key) BETWEEN 33 AND 126
      OR unicode(entity_key) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (unicode(substr(entity_key, -1)) BETWEEN 33 AND 126
      OR unicode(substr(entity_key, -1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (unicode(entity_key) = 126) = (entity = '~void')),
  CONSTRAINT {n}event_ledger_append CHECK (append_index >= 0
    AND length(append_key) BETWEEN 1 AND 255 AND instr(append_key, char(0)) = 0
    AND (unicode(append_key) BETWEEN 33 AND 126
      OR unicode(append_key) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (unicode(substr(append_key, -1)) BETWEEN 33 AND 126
      OR unicode(substr(append_key, -1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
    AND (unicode(append_key) = 126) = (entity = '~void')),
  CONSTRAINT {n}event_ledger_void CHECK (entity <> '~void'
    OR (entity_key = '~void:' || position AND append_key = entity_key AND revision = 1 AND append_index = 0)),
  CONSTRAINT {n}event_ledger_data CHECK (json_valid(data) AND json_type(data) IN ('object', 'array')),
  CONSTRAINT {n}event_ledger_metadata CHECK (metadata IS NULL
    OR (json_valid(metadata) AND json_type(metadata) IN ('object', 'array')))
) STRICT;

-- Append-only, for everybody.
CREATE TRIGGER {n}event_ledger_no_update BEFORE UPDATE ON {n}event_ledger
BEGIN SELECT RAISE(ABORT, 'event_ledger is append-only: UPDATE refused'); END;

CREATE TRIGGER {n}event_ledger_no_delete BEFORE DELETE ON {n}event_ledger
BEGIN SELECT RAISE(ABORT, 'event_ledger is append-only: DELETE refused'); END;

CREATE TRIGGER {n}event_registry_no_update BEFORE UPDATE ON {n}event_registry
BEGIN SELECT RAISE(ABORT, 'event_registry is append-only: UPDATE refused'); END;

CREATE TRIGGER {n}event_registry_no_delete BEFORE DELETE ON {n}event_registry
BEGIN SELECT RAISE(ABORT, 'event_registry is append-only: DELETE refused'); END;

-- What a row refers to is there, and it replaces none: SQLite checks foreign keys only on connections that ask for it, and OR REPLACE
-- deletes rows past the triggers above. With one writer at a time a trigger may read the ledger without a race, and no row that it finds
-- is ever changed or removed, so these two hold for every client.
CREATE TRIGGER {n}event_ledger_guard BEFORE INSERT ON {n}event_ledger
BEGIN
  SELECT RAISE(ABORT, 'event_ledger: the event is not registered for the entity')
  WHERE NOT EXISTS (SELECT 1 FROM {n}event_registry r WHERE r.entity = NEW.entity AND r.event = NEW.event);
  SELECT RAISE(ABORT, 'event_ledger: the previous event is not the one before')
  WHERE (NEW.revision <> 1 OR NEW.previous_id IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM {n}event_ledger l
    WHERE l.entity = NEW.entity AND l.entity_key = NEW.entity_key
      AND l.revision = NEW.prior_revision AND l.event_id = NEW.previous_id);
  SELECT RAISE(ABORT, 'event_ledger: position, event id, revision or append key is taken')
  WHERE EXISTS (SELECT 1 FROM {n}event_ledger l WHERE l.position = NEW.position)
     OR EXISTS (SELECT 1 FROM {n}event_ledger l WHERE l.event_id = NEW.event_id)
     OR EXISTS (SELECT 1 FROM {n}event_ledger l
       WHERE l.entity = NEW.entity AND l.entity_key = NEW.entity_key AND l.revision = NEW.revision)
     OR EXISTS (SELECT 1 FROM {n}event_ledger l
       WHERE l.append_key = NEW.append_key AND l.append_index = NEW.append_index);
END;

CREATE TRIGGER {n}event_registry_guard BEFORE INSERT ON {n}event_registry
BEGIN
  SELECT RAISE(ABORT, 'event_registry: the event is registered')
  WHERE EXISTS (SELECT 1 FROM {n}event_registry r WHERE r.entity = NEW.entity AND r.event = NEW.event);
END;

INSERT INTO {p}event_registry (entity, event) VALUES ('~void', '~void');

INSERT INTO {p}event_schema (version) VALUES (1);
