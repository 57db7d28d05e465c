SELECT position
FROM {p}event_ledger
WHERE position BETWEEN :from AND :to
ORDER BY position
