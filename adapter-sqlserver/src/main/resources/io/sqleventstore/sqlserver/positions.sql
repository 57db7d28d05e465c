SELECT position
FROM {p}event_ledger WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE position BETWEEN :from AND :to
ORDER BY position
