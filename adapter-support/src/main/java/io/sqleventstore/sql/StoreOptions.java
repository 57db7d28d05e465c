package io.sqleventstore.sql;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where the tables are and how the store works. Immutable; start from {@link #defaults()}.
 *
 * @param schema the database schema that holds the tables, or empty for the connection's default. A letter or underscore,
 *     then letters, digits or underscores, 63 at most; lower case, so that every database folds it alike
 * @param prefix put before every table name, or empty; as schema, 20 characters at most
 * @param pageSize most events that one page of a replay reads and keeps in memory, 1 to 20,000; a page also ends when it
 *     holds some 10 Mi characters. A stream keeps the page that it is in, so many slow ones want smaller pages
 * @param fetchSize rows that the driver is asked to fetch in one go at most, and may have to hold in memory, 1 to 10,000; fewer until so many have been read from
 *     the store and after a page that was full of fewer. Where small events are followed by large ones, the first fetch of these may be this large
 * @param maxAttempts how often at most an operation is tried when the database asks to (deadlock, lock timeout, busy) or the
 *     connection is lost, as long as the timeout leaves time for it, 1 to 1,000; tries together with other appends are not counted. Where many append to the same entities at once, InnoDB
 *     makes half of the attempts a deadlock's victim
 * @param patience how long a replay waits for a position that a writer holds, zero or more
 * @param timeout how long an append, a registration, or a page of a replay or tail may take, with all its attempts; one second or more. No
 *     attempt begins later, and no statement of one takes longer than what was left when it began; the network may be silent for two
 *     seconds more, or where the server doesn't answer a request to cancel either, as long as the driver waits for that answer (PostgreSQL's
 *     {@code cancelSignalTimeout}, 10 s). The wait for a connection counts, but only the data source ends it. Transactions that the store joins are the caller's
 * @param appendsPerCommit how many appends that threads make at the same time may share a statement and a commit, 1 to 64; 1 for none, 0 for what
 *     the dialect has ({@link Dialect#appendsPerCommit}). Each is stored whole or not at all, and ends, as if it were alone, but possibly on a
 *     connection that another thread has taken from the data source. Where anything of a connection depends on the thread that asks for it (database,
 *     schema, user, settings of the session), it has to be 1
 */
public record StoreOptions(
        String schema,
        String prefix,
        int pageSize,
        int fetchSize,
        int maxAttempts,
        Duration patience,
        Duration timeout,
        int appendsPerCommit) {
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Pattern SCHEMA = Pattern.compile("([a-z_][a-z0-9_]{0,62})?");
    private static final Pattern PREFIX = Pattern.compile("([a-z_][a-z0-9_]{0,19})?");

    /**
     * Checks the ranges.
     *
     * @param schema as {@link #schema}
     * @param prefix as {@link #prefix}
     * @param pageSize as {@link #pageSize}
     * @param fetchSize as {@link #fetchSize}
     * @param maxAttempts as {@link #maxAttempts}
     * @param patience as {@link #patience}
     * @param timeout as {@link #timeout}
     * @param appendsPerCommit as {@link #appendsPerCommit}
     * @throws IllegalArgumentException if a value is out of its range
     */
    public StoreOptions {
        checkIdentifier("schema", SCHEMA, schema);
        checkIdentifier("prefix", PREFIX, prefix);
        checkRange("pageSize", pageSize, 20_000);
        checkRange("fetchSize", fetchSize, 10_000);
        checkRange("maxAttempts", maxAttempts, 1_000);
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience is " + patience + "; it can't be negative.");
        }
        if (timeout.compareTo(SHORTEST_TIMEOUT) < 0) {
            throw new IllegalArgumentException("timeout is " + timeout + "; it has to be a second or more.");
        }
        if (appendsPerCommit != 0) {
            checkRange("appendsPerCommit", appendsPerCommit, GroupCommit.MOST_APPENDS);
        }
    }

    /**
     * The connection's default schema, no prefix, pages of 20,000 events, fetch size 500, 50 attempts, a patience of 10 s, a timeout of 60 s, as many
     * appends in a commit as the dialect has.
     *
     * @return these options
     */
    public static StoreOptions defaults() {
        return new StoreOptions("", "", 20_000, 500, 50, Duration.ofSeconds(10), Duration.ofSeconds(60), 0);
    }

    /**
     * With that schema.
     *
     * @param schema as {@link #schema()}
     * @return options with that schema
     */
    public StoreOptions withSchema(String schema) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    /**
     * With that prefix.
     *
     * @param prefix as {@link #prefix()}
     * @return options with that prefix
     */
    public StoreOptions withPrefix(String prefix) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    /**
     * With that page size.
     *
     * @param pageSize 1 to 20,000
     * @return options with that page size
     */
    public StoreOptions withPageSize(int pageSize) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    /**
     * With that fetch size.
     *
     * @param fetchSize 1 to 10,000
     * @return options with that fetch size
     */
    public StoreOptions withFetchSize(int fetchSize) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    /**
     * With that many attempts.
     *
     * @param maxAttempts 1 to 1,000
     * @return options with that many attempts
     */
    public StoreOptions withMaxAttempts(int maxAttempts) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    /**
     * With that patience.
     *
     * @param patience zero or more
     * @return options with that patience
     */
    public StoreOptions withPatience(Duration patience) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    /**
     * With that timeout.
     *
     * @param timeout a second or more
     * @return options with that timeout
     */
    public StoreOptions withTimeout(Duration timeout) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    /**
     * With that many appends in a commit.
     *
     * @param appendsPerCommit 1 to 64, or 0 for what the dialect has
     * @return options with that many appends in a commit
     */
    public StoreOptions withAppendsPerCommit(int appendsPerCommit) {
        return new StoreOptions(schema, prefix, pageSize, fetchSize, maxAttempts, patience, timeout, appendsPerCommit);
    }

    static String identifier(String what, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("The " + what + " has no name.");
        }
        checkIdentifier(what, SCHEMA, name);
        return name;
    }

    private static void checkIdentifier(String what, Pattern pattern, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "The " + what + " is no plain identifier; it has to match " + pattern + ".");
        }
    }

    private static void checkRange(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("%s is %d; it has to be 1 to %d.".formatted(what, value, most));
        }
    }
}
