DELETE FROM {p}event_ledger WHERE position = :position
