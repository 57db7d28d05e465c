SELECT setval('{p}event_ledger_position_seq', MAX(position)) FROM {p}event_ledger
