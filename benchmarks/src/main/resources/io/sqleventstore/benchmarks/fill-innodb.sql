INSERT INTO {table} (position, event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, recorded_at)
WITH RECURSIVE hundred(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM hundred WHERE n < 99)
SELECT n,
  UNHEX(CONCAT(LPAD(HEX({epoch} + n), 12, '0'), '70008000', LPAD(HEX(n), 12, '0'))),
  CASE WHEN number % 10 = 9 THEN 'player' ELSE 'game' END,
  LOWER(CONCAT(LPAD(HEX(number * 2654435761 % 4294967296), 8, '0'), '-', LPAD(HEX(number), 8, '0'))),
  revision,
  NULLIF(revision - 1, 0),
  CASE WHEN revision > 1 THEN UNHEX(CONCAT(LPAD(HEX({epoch} + n - 100), 12, '0'), '70008000', LPAD(HEX(n - 100), 12, '0'))) END,
  CASE WHEN number % 10 = 9 THEN 'player-moved' WHEN revision = 1 THEN 'game-started'
    WHEN revision = 20 AND number % 100 = 0 THEN 'game-abandoned' ELSE 'card-played' END,
  LOWER(CONCAT(LPAD(HEX({epoch} + n), 12, '0'), '-7000-8000-', LPAD(HEX(n), 12, '0'))),
  0,
  CONCAT('{"card":"', LPAD(n, 12, '0'), REPEAT('x', {padding}), '"}'),
  TIMESTAMP('1970-01-01 00:00:00') + INTERVAL ({epoch} + n) * 1000 MICROSECOND
FROM (SELECT n, (n - 1) DIV 2000 * 100 + (n - 1) % 100 AS number, (n - 1) % 2000 DIV 100 + 1 AS revision
  FROM (SELECT {first} + a.n * 100 + b.n AS n FROM hundred a JOIN hundred b) series WHERE n <= {last}) event
ORDER BY n
