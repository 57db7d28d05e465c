SELECT position, 'the event is not registered for the entity'
FROM {p}event_ledger l
WHERE NOT EXISTS (SELECT 1 FROM {p}event_registry r WHERE r.entity = l.entity AND r.event = l.event)
ORDER BY position
