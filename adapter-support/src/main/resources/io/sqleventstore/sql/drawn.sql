SELECT event_id, position
FROM {p}event_ledger
WHERE event_id IN ({rows:?})
