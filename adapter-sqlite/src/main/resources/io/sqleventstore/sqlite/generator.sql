SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{n}event_ledger'), 0),
           COALESCE((SELECT MAX(position) FROM {p}event_ledger), 0))
