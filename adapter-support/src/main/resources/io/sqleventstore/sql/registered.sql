SELECT entity, event
FROM {p}event_registry
WHERE entity <> '~void'
ORDER BY entity, event
