-- What each role may do, on top of nothing: run as the owner of the tables.

GRANT SELECT ON {p}event_schema TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}event_registry TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}event_ledger TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}replay_events TO {appender}, {reader}, {follower};

GRANT SELECT ON {p}event_heads TO {appender}, {reader}, {follower};

GRANT INSERT ON {p}event_registry TO {appender};

GRANT INSERT ON {p}event_ledger TO {appender};

-- a follower may make positions void and nothing else
GRANT INSERT ON {p}event_void TO {appender}, {follower};

-- who locks the row at which fences and unlucky writers take turns needs the right to update it, which does nothing
GRANT SELECT, UPDATE ON {p}event_gate TO {appender}, {follower};
