package io.sqleventstore.benchmarks;

import io.sqleventstore.StoredEvent;
import java.sql.SQLException;
import java.util.List;

/** Events as they come. */
interface Feed {
    /** The next ones; none if there are none for a moment. */
    List<StoredEvent> next() throws SQLException, InterruptedException;

    /** What it waits for. */
    String state();
}
