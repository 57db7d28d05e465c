-- What each role may do, on top of nothing: run as the owner of the tables.

DO $do$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %s TO {appender}, {reader}, {follower}',
    (SELECT relnamespace::regnamespace FROM pg_catalog.pg_class WHERE oid = '{p}event_ledger'::regclass));
END $do$;

GRANT SELECT ON {p}event_schema, {p}event_registry, {p}event_ledger, {p}event_ledger_position_seq,
  {p}replay_events, {p}event_heads
TO {appender}, {reader}, {follower};

GRANT INSERT ON {p}event_registry, {p}event_ledger TO {appender};

GRANT USAGE ON {p}event_ledger_position_seq TO {appender};

-- a follower may make positions void and nothing else
GRANT INSERT ON {p}event_void TO {appender}, {follower};
