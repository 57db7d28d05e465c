package io.sqleventstore.conformance;

/** The roles that are shipped (contract SEC-2). */
public enum Role {
    /** May append and replay. */
    APPENDER,
    /** May replay. */
    READER,
    /** May replay, and settle positions that nobody has. */
    FOLLOWER
}
