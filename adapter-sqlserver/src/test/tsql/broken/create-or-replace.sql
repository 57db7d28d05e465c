CREATE OR REPLACE VIEW v AS SELECT position FROM event_ledger
