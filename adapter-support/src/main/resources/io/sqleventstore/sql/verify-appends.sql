SELECT position, 'the append key has a gap, a double or positions out of order'
FROM (SELECT position, append_index,
             COALESCE(LAG(append_index) OVER (PARTITION BY append_key ORDER BY append_index, position), -1) + 1 AS due,
             COALESCE(LAG(position) OVER (PARTITION BY append_key ORDER BY append_index, position), 0) AS before_position
      FROM {p}event_ledger) a
WHERE append_index <> due OR position <= before_position
ORDER BY position
