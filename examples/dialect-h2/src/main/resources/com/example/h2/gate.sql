SELECT id FROM {p}event_turn WHERE id = 0 FOR UPDATE
