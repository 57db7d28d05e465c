package io.sqleventstore.benchmarks;

import java.sql.SQLException;

/** Appends events to one entity; for one thread. */
interface Writer {
    /** The document of each event: 500 bytes. */
    String DATA = "{\"card\":\"" + "queen of spades ".repeat(30) + "clubs 7890\"}";

    /** Appends the next event in a transaction of its own. */
    void append() throws SQLException;
}
