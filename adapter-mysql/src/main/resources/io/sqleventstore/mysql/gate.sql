SELECT gate
FROM {p}event_gate
FOR UPDATE
