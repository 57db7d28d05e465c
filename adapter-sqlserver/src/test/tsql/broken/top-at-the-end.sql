SELECT position FROM event_ledger ORDER BY position TOP (10)
