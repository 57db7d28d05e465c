SELECT id FROM {p}event_gate WHERE id = 1 FOR UPDATE WAIT 1
