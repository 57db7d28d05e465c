SELECT identity_base - 1
FROM information_schema.columns
WHERE column_name = 'POSITION'
  AND UPPER('{p}event_ledger') IN (table_schema || '.' || table_name, CASE WHEN table_schema = CURRENT_SCHEMA THEN table_name END)
