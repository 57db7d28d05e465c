SELECT {columns}
FROM {p}event_ledger{by-position: NOT INDEXED}
WHERE position BETWEEN :from AND :to AND entity <> '~void'{filter}
ORDER BY position {direction}
LIMIT :limit
