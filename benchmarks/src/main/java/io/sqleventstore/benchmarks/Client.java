package io.sqleventstore.benchmarks;

import java.sql.SQLException;
import java.util.UUID;

/** Uses a ledger; for one thread. */
interface Client {
    /** The document of each event: 500 bytes. */
    String DATA = "{\"card\":\"" + "queen of spades ".repeat(30) + "clubs 7890\"}";

    /**
     * Appends so many events in one transaction after the entity's newest one as this client knows it; where others were quicker, after
     * theirs. Returns the id of the last.
     */
    UUID append(String key, int events) throws SQLException;

    /** Appends an event in a transaction that is rolled back then; its position stays missing for ever. */
    void appendInVain(String key) throws SQLException;

    /** Reads the events of an entity and returns how many there were. */
    long replay(String key) throws SQLException;

    /** Reads the events of an entity that others may have appended to, so that the next append goes after them. */
    void resume(String key) throws SQLException;

    /** Reads all events after that position and returns how many there were. */
    long replayAll(long after) throws SQLException;
}
