SELECT r.entity FROM event_registry AS r WHERE r.event = ?
