UPDATE sqlite_sequence SET seq = MAX(seq, (SELECT MAX(position) FROM {p}event_ledger)) WHERE name = '{n}event_ledger'
