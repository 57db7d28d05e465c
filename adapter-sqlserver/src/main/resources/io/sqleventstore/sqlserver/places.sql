SELECT TOP (:limit) position, event_id
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_pk), ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE position >= :from
ORDER BY position
