SELECT position
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_pk), ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE position BETWEEN :from AND :to
ORDER BY position
