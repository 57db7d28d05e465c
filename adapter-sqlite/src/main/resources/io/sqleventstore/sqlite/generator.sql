SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{n}event_ledger'), 0)
