GRANT SELECT ON event_ledger
