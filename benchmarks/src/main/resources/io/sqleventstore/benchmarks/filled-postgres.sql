SELECT setval(pg_get_serial_sequence('{table}', 'position'), {last});

VACUUM (ANALYZE) {table}
