SELECT COALESCE(MAX(position), 0)
FROM {p}event_ledger
