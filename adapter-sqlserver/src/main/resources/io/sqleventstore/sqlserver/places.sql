SELECT TOP (:limit) position, event_id
FROM {p}event_ledger WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE position >= :from
ORDER BY position
