SELECT position FROM WITH (READPAST) event_ledger
