SET XACT_ABORT OFF;
INSERT INTO {p}event_registry (entity, event) VALUES (?, ?)
