SELECT event_id
FROM {p}event_ledger
WHERE event_id IN ({rows:CAST(? AS BINARY(16))})
