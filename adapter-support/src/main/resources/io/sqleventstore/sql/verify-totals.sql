SELECT COUNT(*), COALESCE(SUM(CASE WHEN revision = 1 THEN 1 ELSE 0 END), 0), COALESCE(MAX(position), 0)
FROM {p}event_ledger
WHERE entity <> '~void'
