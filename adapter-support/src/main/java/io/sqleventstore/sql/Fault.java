package io.sqleventstore.sql;

/**
 * What kind of fault a vendor's error code is. That is all a dialect says of an error; what it means for an append, the
 * engine finds out by reading the ledger again.
 */
public enum Fault {
    /** A row with the same unique values is there. */
    UNIQUE,
    /** A row that is referred to is not there, or a guard of the ledger refused the row. */
    FOREIGN_KEY,
    /** A value is not allowed in its column: check, null, length. */
    CHECK,
    /** Nothing was stored, and the same again may succeed: deadlock victim, serialization failure, lock timeout, busy. */
    RETRYABLE,
    /** The connection or the server is gone; a commit under way may have succeeded or not. */
    UNAVAILABLE,
    /** The server or the transaction takes no writes, as a standby after a failover: nothing was stored, and the same again may succeed. */
    READ_ONLY,
    /** Anything else. */
    OTHER;

    /** Whether a constraint of the schema refused the row. */
    boolean isRefusal() {
        return this == UNIQUE || this == FOREIGN_KEY || this == CHECK;
    }
}
