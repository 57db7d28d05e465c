package io.sqleventstore.conformance;

/** The roles that are shipped (contract SEC-2). */
public enum Role {
    /** May append, replay and settle positions that nobody has. */
    APPENDER,
    /** May replay and follow; waits at a missing position until somebody settles it. */
    READER,
    /** May replay and follow, and settle positions that nobody has. */
    FOLLOWER
}
