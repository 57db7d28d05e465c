-- What each role may do, on top of nothing: run as the owner of the tables. Owner of all, so that ownership chains reach the ledger
-- from the view and the sequence from the default.

GRANT SELECT ON {p}event_schema TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}event_registry TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}event_ledger TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}replay_events TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}event_heads TO {appender}, {reader}, {follower};

GRANT VIEW DEFINITION ON {p}event_ledger_position_seq TO {appender}, {reader}, {follower};

GRANT INSERT ON {p}event_registry TO {appender};

GRANT INSERT ON {p}event_ledger TO {appender};

-- a follower may make positions void and nothing else
GRANT INSERT ON {p}event_void TO {appender}, {follower};

-- to lock it: the gate
GRANT SELECT ON {p}event_gate TO {appender}, {follower};
