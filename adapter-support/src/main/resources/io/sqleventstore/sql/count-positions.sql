SELECT COUNT(*)
FROM {p}event_ledger
WHERE position BETWEEN :from AND :to
