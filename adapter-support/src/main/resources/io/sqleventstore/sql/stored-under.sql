SELECT {columns}
FROM {p}event_ledger
WHERE append_key = :appendKey
ORDER BY append_index
