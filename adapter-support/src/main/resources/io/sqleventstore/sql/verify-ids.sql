SELECT MIN(position), 'the event id is there more than once'
FROM {p}event_ledger
GROUP BY event_id
HAVING COUNT(*) > 1
UNION ALL
SELECT position, 'the position is there more than once'
FROM {p}event_ledger
GROUP BY position
HAVING COUNT(*) > 1
ORDER BY 1
