INSERT INTO event_ledger (event_id) SELECT event_id FROM (VALUES (?)) AS a (event_id) OUTPUT inserted.position
