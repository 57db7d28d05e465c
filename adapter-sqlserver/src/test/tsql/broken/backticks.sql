SELECT `position` FROM event_ledger
