SELECT TOP (:limit) {columns}
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_pk))
WHERE position BETWEEN :from AND :to AND entity <> N'~void'{filter}
ORDER BY position {direction}
