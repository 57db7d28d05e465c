package com.example.h2;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.h2.api.Trigger;

/** Carries an insert into the view {@code event_void} out on the ledger. H2 makes it by its name, so it is public. */
public final class VoidInsert implements Trigger {
    private String insert = "";

    /** For H2. */
    public VoidInsert() {}

    @Override
    public void init(Connection connection, String schema, String trigger, String view, boolean before, int type) {
        insert = "INSERT INTO " + InsertGuard.sibling(schema, view, "VOID", "LEDGER")
                + " (position, event_id, entity, entity_key, revision, event, append_key, append_index, data)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    }

    @Override
    public void fire(Connection connection, Object[] before, Object[] row) throws SQLException {
        InsertGuard.voidsOnly(() -> {
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                for (int i = 0; i < row.length; i++) {
                    statement.setObject(i + 1, row[i]);
                }
                statement.executeUpdate();
            }
        });
    }
}
