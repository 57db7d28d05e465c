-- SQL Event Store, schema version 1, for MySQL 8.0.17 and MariaDB 10.11 and later.

CREATE TABLE {p}event_schema (
  version      INTEGER     NOT NULL,
  installed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  CONSTRAINT {n}event_schema_pk PRIMARY KEY (version)
) ENGINE = InnoDB;

-- The registry: which events an entity name may have. ~void is reserved for positions that no event has.
-- Texts: not empty, no white space at either end (white space by its bytes: MariaDB doesn't keep other literals in a CHECK). A column takes one character more than is legal, so that a text that is too long
-- is refused where the session's sql_mode would have it cut. Usual texts pass by their first and last byte (33 to 126), usual documents by
-- their first (91 is [, 123 is {), which is cheaper.
CREATE TABLE {p}event_registry (
  entity VARCHAR(65) NOT NULL,
  event  VARCHAR(65) NOT NULL,
  CONSTRAINT {n}event_registry_pk PRIMARY KEY (entity, event),
  CONSTRAINT {n}event_registry_entity CHECK (CHAR_LENGTH(entity) <= 64 AND LOCATE(CHAR(0), entity) = 0
    AND (ASCII(entity) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(LEFT(entity, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)
    AND (ASCII(RIGHT(entity, 1)) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(RIGHT(entity, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)
    AND (entity = '~void' OR ASCII(entity) <> 126)),
  CONSTRAINT {n}event_registry_event CHECK (CHAR_LENGTH(event) <= 64 AND LOCATE(CHAR(0), event) = 0
    AND (ASCII(event) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(LEFT(event, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)
    AND (ASCII(RIGHT(event, 1)) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(RIGHT(event, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)
    AND (ASCII(event) = 126) = (entity = '~void'))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- The ledger. The set of revisions of an entity is exactly 1..n and each event points back at the one before, because of
-- event_ledger_line, event_ledger_prior and the trigger event_ledger_follows together.
CREATE TABLE {p}event_ledger (
  position       BIGINT       NOT NULL AUTO_INCREMENT,
  event_id       BINARY(16)   NOT NULL,
  entity         VARCHAR(65)  NOT NULL,
  entity_key     VARCHAR(256) NOT NULL,
  revision       BIGINT       NOT NULL,
  prior_revision BIGINT,
  previous_id    BINARY(16),
  event          VARCHAR(65)  NOT NULL,
  append_key     VARCHAR(256) NOT NULL,
  append_index   INTEGER      NOT NULL,
  data           LONGTEXT     NOT NULL,
  metadata       LONGTEXT,
  recorded_at    DATETIME(6)  NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  CONSTRAINT {n}event_ledger_pk PRIMARY KEY (position),
  CONSTRAINT {n}event_ledger_event_id UNIQUE (event_id),
  CONSTRAINT {n}event_ledger_line UNIQUE (entity, entity_key, revision),
  CONSTRAINT {n}event_ledger_append_key UNIQUE (append_key, append_index),
  CONSTRAINT {n}event_ledger_prior CHECK ((revision = 1 AND prior_revision IS NULL AND previous_id IS NULL)
    OR (revision > 1 AND prior_revision IS NOT NULL AND previous_id IS NOT NULL AND prior_revision = revision - 1)),
  CONSTRAINT {n}event_ledger_event FOREIGN KEY (entity, event) REFERENCES {p}event_registry (entity, event),
  CONSTRAINT {n}event_ledger_key CHECK (CHAR_LENGTH(entity_key) <= 255 AND LOCATE(CHAR(0), entity_key) = 0
    AND (ASCII(entity_key) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(LEFT(entity_key, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)
    AND (ASCII(RIGHT(entity_key, 1)) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(RIGHT(entity_key, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)),
  CONSTRAINT {n}event_ledger_append CHECK (append_index >= 0 AND CHAR_LENGTH(append_key) <= 255 AND LOCATE(CHAR(0), append_key) = 0
    AND (ASCII(append_key) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(LEFT(append_key, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)
    AND (ASCII(RIGHT(append_key, 1)) BETWEEN 33 AND 126
      OR LOCATE(CONCAT(',', HEX(RIGHT(append_key, 1)), ','), ',09,0A,0B,0C,0D,1C,1D,1E,1F,20,C285,C2A0,E19A80,E28080,E28081,E28082,E28083,E28084,E28085,E28086,E28087,E28088,E28089,E2808A,E280A8,E280A9,E280AF,E2819F,E38080,,') = 0)),
  CONSTRAINT {n}event_ledger_void CHECK (
    (entity = '~void' AND LEFT(entity_key, 6) = '~void:' AND append_key = entity_key AND revision = 1 AND append_index = 0)
    OR (entity <> '~void' AND ASCII(entity_key) <> 126 AND ASCII(append_key) <> 126)),
  CONSTRAINT {n}event_ledger_data CHECK (JSON_VALID(data) AND (ASCII(data) IN (91, 123) OR JSON_TYPE(data) IN ('OBJECT', 'ARRAY'))),
  CONSTRAINT {n}event_ledger_time CHECK (YEAR(recorded_at) >= 1970
    AND COALESCE(DAYOFMONTH(recorded_at) <= DAYOFMONTH(LAST_DAY(recorded_at)), FALSE)),
  CONSTRAINT {n}event_ledger_metadata CHECK (metadata IS NULL
    OR (JSON_VALID(metadata) AND (ASCII(metadata) IN (91, 123) OR JSON_TYPE(metadata) IN ('OBJECT', 'ARRAY'))))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- The only thing that a follower may insert: positions that no event will ever have.
CREATE VIEW {p}event_void AS
SELECT position, event_id, entity, entity_key, revision, event, append_key, append_index, data
FROM {p}event_ledger
WHERE entity = '~void'
WITH LOCAL CHECK OPTION;

-- One row to be locked: fences and unlucky writers take turns at it. And a foreign key, for which TRUNCATE refuses the ledger.
CREATE TABLE {p}event_gate (
  gate     INTEGER NOT NULL,
  position BIGINT,
  CONSTRAINT {n}event_gate_pk PRIMARY KEY (gate),
  CONSTRAINT {n}event_gate_one CHECK (gate = 1 AND position IS NULL),
  CONSTRAINT {n}event_gate_ledger FOREIGN KEY (position) REFERENCES {p}event_ledger (position)
) ENGINE = InnoDB;

-- Append-only, for everybody. (SQLState HY000, because MariaDB's driver takes any of a class that it doesn't know for a lost connection.)
CREATE TRIGGER {p}event_ledger_no_update BEFORE UPDATE ON {p}event_ledger FOR EACH ROW
SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'event_ledger is append-only: UPDATE refused';

CREATE TRIGGER {p}event_ledger_no_delete BEFORE DELETE ON {p}event_ledger FOR EACH ROW
SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'event_ledger is append-only: DELETE refused';

CREATE TRIGGER {p}event_registry_no_update BEFORE UPDATE ON {p}event_registry FOR EACH ROW
SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'event_registry is append-only: UPDATE refused';

CREATE TRIGGER {p}event_registry_no_delete BEFORE DELETE ON {p}event_registry FOR EACH ROW
SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'event_registry is append-only: DELETE refused';

-- The previous event is there, of that entity and at the revision before, and at a lower position; and what a CHECK may not say of a
-- position because it is generated: it is at least 1, and a void's keys name it. The previous event is read with a shared lock, which waits for
-- who has not committed it, at every isolation level (for an INSERT ... SELECT only because the clause says so). It is never changed or removed, so this is a foreign key without its two indexes,
-- and says the same to who breaks it.
CREATE TRIGGER {p}event_ledger_follows AFTER INSERT ON {p}event_ledger FOR EACH ROW
BEGIN
  DECLARE before_position BIGINT DEFAULT 0;
  IF NEW.revision > 1 OR NEW.previous_id IS NOT NULL THEN
    SET before_position = (SELECT position FROM {p}event_ledger
      WHERE event_id = NEW.previous_id AND revision = NEW.prior_revision AND entity_key = NEW.entity_key AND entity = NEW.entity
      LOCK IN SHARE MODE);
  END IF;
  IF before_position IS NULL THEN
    SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1452,
      MESSAGE_TEXT = 'event_ledger: the previous event is not there, of that entity and at the prior revision';
  END IF;
  IF NEW.position <= before_position THEN
    SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'event_ledger: the position is not above the one of the previous event';
  END IF;
  IF NEW.entity = '~void' AND NEW.entity_key <> CONCAT('~void:', NEW.position) THEN
    SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'event_ledger: the void is of another position';
  END IF;
END;

INSERT INTO {p}event_registry (entity, event) VALUES ('~void', '~void');

INSERT INTO {p}event_gate (gate) VALUES (1);

INSERT INTO {p}event_schema (version) VALUES (1);
