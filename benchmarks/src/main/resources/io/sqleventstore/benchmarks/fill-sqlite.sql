INSERT INTO {table} (position, event_id, entity, entity_key, revision, prior_revision, previous_id, event, append_key, append_index, data, recorded_at)
WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last})
SELECT n,
  unhex(printf('%012x70008000%012x', {epoch} + n, n)),
  CASE WHEN number % 10 = 9 THEN 'player' ELSE 'game' END,
  printf('%08x-%08x', number * 2654435761 % 4294967296, number),
  revision,
  NULLIF(revision - 1, 0),
  CASE WHEN revision > 1 THEN unhex(printf('%012x70008000%012x', {epoch} + n - 100, n - 100)) END,
  CASE WHEN number % 10 = 9 THEN 'player-moved' WHEN revision = 1 THEN 'game-started'
    WHEN revision = 20 AND number % 100 = 0 THEN 'game-abandoned' ELSE 'card-played' END,
  printf('%012x-7000-8000-%012x', {epoch} + n, n),
  0,
  printf('{"card":"%012d%.{padding}c"}', n, 'x'),
  strftime('%Y-%m-%dT%H:%M:%fZ', ({epoch} + n) / 1000.0, 'unixepoch')
FROM (SELECT n, (n - 1) / 2000 * 100 + (n - 1) % 100 AS number, (n - 1) % 2000 / 100 + 1 AS revision FROM series)
