-- What each role may do, on top of nothing: run as the owner of the tables.

GRANT SELECT ON {p}event_schema, {p}event_registry, {p}event_ledger, {p}replay_events, {p}event_heads TO {appender};

GRANT SELECT ON {p}event_schema, {p}event_registry, {p}event_ledger, {p}replay_events, {p}event_heads TO {reader};

GRANT SELECT ON {p}event_schema, {p}event_registry, {p}event_ledger, {p}replay_events, {p}event_heads TO {follower};

GRANT INSERT ON {p}event_registry, {p}event_ledger TO {appender};

-- who may not take turns can't append: see InsertGuard
GRANT SELECT, INSERT, DELETE ON {p}event_turn TO {appender};

-- a follower may make positions void and nothing else; H2 carries the view's insert out with the follower's own rights
GRANT INSERT ON {p}event_void TO {appender};

GRANT INSERT ON {p}event_void, {p}event_ledger TO {follower};

GRANT SELECT ON {p}event_turn TO {follower};
