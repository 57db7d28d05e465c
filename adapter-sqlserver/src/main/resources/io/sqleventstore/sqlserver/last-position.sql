SELECT COALESCE(MAX(position), 0)
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_pk), ROWLOCK, READPAST, READCOMMITTEDLOCK)
