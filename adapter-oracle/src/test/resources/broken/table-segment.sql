CREATE TABLE event_gate (
  id      NUMBER(1) NOT NULL,
  guarded NUMBER(18),
  CONSTRAINT event_gate_pk PRIMARY KEY (id),
  CONSTRAINT event_gate_ledger FOREIGN KEY (guarded) REFERENCES event_ledger (position)
) SEGMENT CREATION NOW INITRANS 4
