SELECT append_index, position
FROM {p}event_ledger
WHERE append_key = :appendKey AND append_index BETWEEN :from AND :to
