INSERT INTO {p}event_registry (entity, event) VALUES (?, ?)
