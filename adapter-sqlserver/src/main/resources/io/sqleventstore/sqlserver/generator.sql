SELECT CAST(current_value AS BIGINT)
FROM sys.sequences
WHERE object_id = OBJECT_ID(N'{p}event_ledger_position_seq')
