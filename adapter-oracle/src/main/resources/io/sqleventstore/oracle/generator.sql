SELECT {p}event_generator() FROM dual
