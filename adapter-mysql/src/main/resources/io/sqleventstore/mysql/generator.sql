-- InnoDB's generator is above every row that is there, also one that was written by hand or restored.
SELECT COALESCE(MAX(position), 0)
FROM {p}event_ledger
