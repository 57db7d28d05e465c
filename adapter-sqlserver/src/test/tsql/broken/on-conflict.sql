INSERT INTO event_ledger (event_id) VALUES (?) ON CONFLICT DO NOTHING
