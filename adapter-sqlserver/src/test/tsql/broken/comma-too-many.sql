INSERT INTO event_ledger (event_id, entity,) VALUES (?, ?)
