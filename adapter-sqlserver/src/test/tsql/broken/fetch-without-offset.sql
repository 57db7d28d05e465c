SELECT position FROM event_ledger ORDER BY position FETCH NEXT 10 ROWS ONLY
