SELECT {columns}
FROM {p}event_ledger WITH (INDEX ({n}event_ledger_append_key), FORCESEEK)
WHERE append_key = :appendKey
ORDER BY append_index
