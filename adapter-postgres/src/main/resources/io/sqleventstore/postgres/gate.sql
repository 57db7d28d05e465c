SELECT pg_advisory_xact_lock(1163284301, CAST(CAST(CAST('{p}event_ledger' AS regclass) AS oid) AS integer))
