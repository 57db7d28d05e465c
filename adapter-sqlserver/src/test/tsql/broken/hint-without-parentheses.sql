SELECT position FROM event_ledger WITH ROWLOCK, READPAST WHERE position > ?
