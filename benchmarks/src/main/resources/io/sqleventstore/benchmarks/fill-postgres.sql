INSERT INTO {table} (position, event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, recorded_at)
SELECT n,
  CAST(concat(lpad(to_hex({epoch} + n), 12, '0'), '70008000', lpad(to_hex(n), 12, '0')) AS uuid),
  CASE WHEN number % 10 = 9 THEN 'player' ELSE 'game' END,
  concat(lpad(to_hex(number * 2654435761 % 4294967296), 8, '0'), '-', lpad(to_hex(number), 8, '0')),
  revision,
  NULLIF(revision - 1, 0),
  CASE WHEN revision > 1 THEN CAST(concat(lpad(to_hex({epoch} + n - 100), 12, '0'), '70008000', lpad(to_hex(n - 100), 12, '0')) AS uuid) END,
  CASE WHEN number % 10 = 9 THEN 'player-moved' WHEN revision = 1 THEN 'game-started'
    WHEN revision = 20 AND number % 100 = 0 THEN 'game-abandoned' ELSE 'card-played' END,
  concat(lpad(to_hex({epoch} + n), 12, '0'), '-7000-8000-', lpad(to_hex(n), 12, '0')),
  0,
  CAST(concat('{"card":"', lpad(CAST(n AS text), 12, '0'), repeat('x', {padding}), '"}') AS json),
  to_timestamp(({epoch} + n) / 1000.0)
FROM (SELECT n, (n - 1) / 2000 * 100 + (n - 1) % 100 AS number, (n - 1) % 2000 / 100 + 1 AS revision
  FROM generate_series(CAST({first} AS bigint), {last}) AS n) event
ORDER BY n
