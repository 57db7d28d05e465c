SELECT position, event_id FROM event_ledger WHERE position >= ? ORDER BY position LIMIT ?
