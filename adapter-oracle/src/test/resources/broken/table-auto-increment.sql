CREATE TABLE event_ledger (
  position       NUMBER(18)         AUTO_INCREMENT,
  event_id       RAW(16)            NOT NULL,
  entity         VARCHAR2(64 CHAR)  NOT NULL,
  entity_key     VARCHAR2(255 CHAR) NOT NULL,
  revision       NUMBER(18)         NOT NULL,
  prior_revision NUMBER(18),
  previous_id    RAW(16),
  event          VARCHAR2(64 CHAR)  NOT NULL,
  append_key     VARCHAR2(255 CHAR) NOT NULL,
  append_index   NUMBER(9)          NOT NULL,
  data           CLOB               NOT NULL,
  metadata       CLOB,
  recorded_at    TIMESTAMP(6)       DEFAULT SYS_EXTRACT_UTC(SYSTIMESTAMP) NOT NULL,
  CONSTRAINT event_ledger_pk PRIMARY KEY (position),
  CONSTRAINT event_ledger_position CHECK (position >= 1),
  CONSTRAINT event_ledger_event_id UNIQUE (event_id),
  CONSTRAINT event_ledger_id_size CHECK (LENGTH(RAWTOHEX(event_id)) = 32),
  CONSTRAINT event_ledger_line UNIQUE (entity, entity_key, revision),
  CONSTRAINT event_ledger_link UNIQUE (entity, entity_key, revision, event_id),
  CONSTRAINT event_ledger_append_key UNIQUE (append_key, append_index),
  CONSTRAINT event_ledger_prior CHECK ((revision = 1 AND prior_revision IS NULL AND previous_id IS NULL)
    OR (revision > 1 AND prior_revision IS NOT NULL AND previous_id IS NOT NULL AND prior_revision = revision - 1)),
  CONSTRAINT event_ledger_event FOREIGN KEY (entity, event) REFERENCES event_registry (entity, event),
  CONSTRAINT event_ledger_chain FOREIGN KEY (entity, entity_key, prior_revision, previous_id)
    REFERENCES event_ledger (entity, entity_key, revision, event_id),
  CONSTRAINT event_ledger_key CHECK (ASCII(SUBSTR(entity_key, 1, 1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 49797, 49824, 14785152, 14844032, 14844033, 14844034, 14844035, 14844036, 14844037, 14844038, 14844039, 14844040, 14844041, 14844042, 14844072, 14844073, 14844079, 14844319, 14909568)
    AND ASCII(SUBSTR(entity_key, -1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 49797, 49824, 14785152, 14844032, 14844033, 14844034, 14844035, 14844036, 14844037, 14844038, 14844039, 14844040, 14844041, 14844042, 14844072, 14844073, 14844079, 14844319, 14909568)),
  CONSTRAINT event_ledger_append CHECK (ASCII(SUBSTR(append_key, 1, 1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 49797, 49824, 14785152, 14844032, 14844033, 14844034, 14844035, 14844036, 14844037, 14844038, 14844039, 14844040, 14844041, 14844042, 14844072, 14844073, 14844079, 14844319, 14909568)
    AND ASCII(SUBSTR(append_key, -1)) NOT IN (9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 49797, 49824, 14785152, 14844032, 14844033, 14844034, 14844035, 14844036, 14844037, 14844038, 14844039, 14844040, 14844041, 14844042, 14844072, 14844073, 14844079, 14844319, 14909568)),
  CONSTRAINT event_ledger_void CHECK ((entity = '~void' AND entity_key = '~void:' || TO_CHAR(position) AND append_key = entity_key
      AND revision = 1 AND append_index = 0)
    OR (entity <> '~void' AND ASCII(entity_key) <> 126 AND ASCII(append_key) <> 126 AND append_index >= 0)),
  CONSTRAINT event_ledger_data CHECK (data IS JSON STRICT),
  CONSTRAINT event_ledger_data_top CHECK (ASCII(LTRIM(TO_CHAR(SUBSTR(data, 1, 1000)), CHR(9) || CHR(10) || CHR(13) || ' ')) IN (91, 123)),
  CONSTRAINT event_ledger_metadata CHECK (metadata IS JSON STRICT),
  CONSTRAINT event_ledger_metadata_top CHECK (ASCII(LTRIM(TO_CHAR(SUBSTR(metadata, 1, 1000)), CHR(9) || CHR(10) || CHR(13) || ' ')) IN (91, 123))
) SEGMENT CREATION IMMEDIATE INITRANS 4
LOB (data, metadata) STORE AS (ENABLE STORAGE IN ROW CACHE)
