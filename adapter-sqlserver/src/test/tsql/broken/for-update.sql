SELECT position FROM event_ledger WHERE position = ? FOR UPDATE SKIP LOCKED
