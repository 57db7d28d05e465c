SELECT event_id
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_event_id), FORCESEEK)
WHERE event_id IN ({rows:CAST(? AS BINARY(16))})
