-- What each role may do, on top of CREATE SESSION: run as the owner of the tables. READ, unlike SELECT, gives no right to lock rows or tables.

GRANT READ ON {p}event_schema TO {appender}, {reader}, {follower};

GRANT READ ON {p}event_registry TO {appender}, {reader}, {follower};

GRANT READ ON {p}event_ledger TO {appender}, {reader}, {follower};

GRANT READ ON {p}replay_events TO {appender}, {reader}, {follower};

GRANT READ ON {p}event_heads TO {appender}, {reader}, {follower};

GRANT EXECUTE ON {p}event_generator TO {appender}, {reader}, {follower};

GRANT INSERT ON {p}event_registry TO {appender};

GRANT INSERT ON {p}event_ledger TO {appender};

-- a follower may make positions void and nothing else
GRANT INSERT ON {p}event_void TO {appender}, {follower};

-- who holds the gate locks its row
GRANT SELECT ON {p}event_gate TO {appender}, {follower};
