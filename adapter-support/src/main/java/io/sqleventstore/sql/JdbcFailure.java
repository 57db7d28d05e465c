package io.sqleventstore.sql;

import java.sql.SQLException;

/** A driver's exception from an insert, unchecked. */
final class JdbcFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean afterwards;

    /** Afterwards: not the execution failed, but what comes after it, such as reading what the statement returned. */
    JdbcFailure(SQLException cause, boolean afterwards) {
        super(cause);
        this.afterwards = afterwards;
    }

    boolean isAfterwards() {
        return afterwards;
    }
}
