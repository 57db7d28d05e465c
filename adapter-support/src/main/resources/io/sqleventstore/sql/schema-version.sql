SELECT COALESCE(MAX(version), 0)
FROM {p}event_schema
