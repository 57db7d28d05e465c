SELECT COALESCE(MIN(position), :to)
FROM {p}event_ledger
WHERE position BETWEEN :from AND :to
