GRANT READ ON event_schema, event_ledger TO a
