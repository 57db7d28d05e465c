package com.example.h2;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.api.Trigger;

/** Refuses every statement that it is called for. H2 makes it by its name, so it is public. */
public final class AppendOnly implements Trigger {
    private String table = "";

    /** For H2. */
    public AppendOnly() {}

    @Override
    public void init(
            Connection connection, String schema, String trigger, String tableName, boolean before, int type) {
        table = tableName;
    }

    @Override
    public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
        throw new SQLException(table + " is append-only: the statement is refused", "55000");
    }
}
