UPDATE {p}event_ledger SET data = data WHERE position = :position
