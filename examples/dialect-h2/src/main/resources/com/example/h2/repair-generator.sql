ALTER TABLE {p}event_ledger ALTER COLUMN position RESTART WITH (SELECT MAX(position) + 1 FROM {p}event_ledger);
