LOCK TABLE {p}event_ledger IN SHARE ROW EXCLUSIVE MODE;

SELECT setval('{p}event_ledger_position_seq', GREATEST(MAX(position), (SELECT last_value FROM {p}event_ledger_position_seq)))
FROM {p}event_ledger;
