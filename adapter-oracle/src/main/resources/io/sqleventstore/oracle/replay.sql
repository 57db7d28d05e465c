SELECT /*+ FIRST_ROWS(1000) */ {columns}
FROM {p}event_ledger
WHERE position BETWEEN :from AND :to AND entity <> '~void'{filter}
ORDER BY position {direction}
FETCH FIRST :limit ROWS ONLY
