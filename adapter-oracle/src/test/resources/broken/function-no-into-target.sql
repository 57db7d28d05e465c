CREATE OR REPLACE FUNCTION event_generator RETURN NUMBER AUTHID DEFINER IS
  drawn NUMBER;
BEGIN
  SELECT s.last_number - s.increment_by INTO
  FROM user_tab_identity_cols i JOIN user_sequences s ON s.sequence_name = i.sequence_name
  WHERE i.table_name = UPPER('event_ledger');
  RETURN drawn;
END;
