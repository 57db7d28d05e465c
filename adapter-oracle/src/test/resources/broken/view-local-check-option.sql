CREATE OR REPLACE VIEW event_void AS
SELECT position, event_id, entity, entity_key, revision, event, append_key, append_index, data
FROM event_ledger
WHERE entity = '~void'
WITH LOCAL CHECK OPTION
