SELECT /*+ FIRST_ROWS(1000) */ position, event_id
FROM {p}event_ledger
WHERE position >= :from
ORDER BY position
FETCH FIRST :limit ROWS ONLY
