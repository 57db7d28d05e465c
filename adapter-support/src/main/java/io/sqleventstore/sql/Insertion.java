package io.sqleventstore.sql;

/**
 * How a dialect's {@code append.sql} inserts the rows of an append, and how the engine learns the positions that were drawn for them. Only with
 * {@link #RETURNING} may a statement that inserts return rows.
 */
public enum Insertion {
    /** One statement of many rows, which returns event_id and position of each: the fewest round trips. */
    RETURNING,
    /** One statement of many rows; then {@code drawn.sql} reads the positions back in the same transaction. */
    READ_BACK,
    /** As {@link #READ_BACK}, but what the driver calls the generated key of a single row is its position. */
    GENERATED_KEY,
    /**
     * A statement of one row, sent once for all rows as a JDBC batch; then {@code drawn.sql} reads the positions back in the same transaction. For
     * databases that draw one position for all rows of a statement, or don't say in which order. {@code fence.sql} is sent like that too.
     */
    BATCH;

    /** Whether the statement that inserts so many rows tells their positions itself. */
    boolean tells(int rows) {
        return this == RETURNING || (this == GENERATED_KEY && rows == 1);
    }
}
