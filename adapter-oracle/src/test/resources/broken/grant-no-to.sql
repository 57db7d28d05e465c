GRANT READ ON event_schema a
