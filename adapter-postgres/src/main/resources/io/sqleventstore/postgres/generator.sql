SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END
FROM {p}event_ledger_position_seq
