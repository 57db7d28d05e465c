SELECT position, event_id
FROM {p}event_ledger
WHERE position >= :from
ORDER BY position
LIMIT :limit
