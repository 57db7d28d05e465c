SELECT /*+ FIRST_ROWS(1000) */ position, event_id
FROM event_ledger
WHERE position >= ?
ORDER BY position
FETCH FIRST ? ROWS
