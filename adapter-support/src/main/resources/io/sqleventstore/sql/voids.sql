SELECT position, event_id
FROM {p}event_ledger
WHERE position BETWEEN :from AND :to AND entity = '~void'
ORDER BY position
