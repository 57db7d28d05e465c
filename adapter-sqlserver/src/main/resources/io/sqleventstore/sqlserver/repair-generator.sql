-- RESTART takes a constant only; the last position of the ledger is drawn once more, so that the next one is free
DECLARE @last BIGINT, @given BIGINT, @restart NVARCHAR(400);
SELECT @last = COALESCE(MAX(position), 0) FROM {p}event_ledger WITH (TABLOCKX, HOLDLOCK);
SELECT @given = CAST(current_value AS BIGINT) FROM sys.sequences WHERE object_id = OBJECT_ID(N'{p}event_ledger_position_seq');
IF @given <= @last AND @last > 0
BEGIN
  SET @restart = N'ALTER SEQUENCE {p}event_ledger_position_seq RESTART WITH ' + CAST(@last AS NVARCHAR(20));
  EXEC sys.sp_executesql @restart;
  SELECT @given = NEXT VALUE FOR {p}event_ledger_position_seq;
END
