CREATE OR REPLACE TRIGGER event_ledger_no_change BEFORE UPDATE OR DELETE ON event_ledger
BEGIN
  RAISE_APPLICATION_ERROR(-20001, 'event_ledger is append-only: UPDATE and DELETE are refused');
