package io.sqleventstore.sql;

import io.sqleventstore.EventStoreException;
import io.sqleventstore.LedgerDamaged;
import io.sqleventstore.Selection;
import io.sqleventstore.StoreFailure;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.sql.Verification.Check;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks over the stored data what the constraints should have kept: by other SQL than theirs, and by core's own rules. */
final class Verifier {
    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);
    static final int EXAMPLES = 20;

    private final SqlEventStore store;
    private final Access access;
    private final Dialect dialect;
    private final SqlFiles files;
    private final List<Check> checks = new ArrayList<>();

    Verifier(SqlEventStore store, Access access, Dialect dialect, SqlFiles files) {
        this.store = store;
        this.access = access;
        this.dialect = dialect;
        this.files = files;
    }

    Verification verify() {
        query(
                "ORD-1 ORD-2 ORD-3 ORD-5",
                "every entity's revisions are 1, 2, 3…, each linked to the one before, positions ascending",
                "verify-history");
        query("REG-1", "every event is registered for its entity's name", "verify-registry");
        query("DUP-1 DUP-3", "every append key's events are 0, 1, 2… in position order, stored once", "verify-appends");
        query("ORD-3", "every event id and every position is there once", "verify-ids");
        checks.add(new Check("FID-1 FID-2", "every name, key and document is legal", illegal()));
        checks.add(unchangeable());
        return access.readAtLength(handle -> {
            try (Query totals = handle.createQuery(files.get("verify-totals"))) {
                return totals.map((row, context) ->
                                new Verification(row.getLong(1), row.getLong(2), row.getLong(3), checks))
                        .one();
            }
        });
    }

    private void query(String clauses, String rule, String operation) {
        checks.add(new Check(clauses, rule, access.readAtLength(handle -> violations(handle, operation))));
    }

    private List<String> violations(Handle handle, String operation) {
        try (Query query = handle.createQuery(files.get(operation)).setMaxRows(EXAMPLES)) {
            return query.map((row, context) -> "position " + row.getLong(1) + ": " + row.getString(2))
                    .list();
        }
    }

    private List<String> illegal() {
        List<String> violations = new ArrayList<>();
        Iterator<StoredEvent> events = store.replay(Selection.all()).iterator();
        try {
            while (events.hasNext() && violations.size() < EXAMPLES) {
                StoredEvent event = events.next();
                try {
                    LedgerImport.checkLegal(event);
                } catch (EventStoreException e) {
                    violations.add("position " + event.position() + ": " + e.getMessage());
                }
            }
        } catch (LedgerDamaged e) {
            violations.add(e.getMessage());
        }
        return violations;
    }

    private Check unchangeable() {
        List<String> violations = new ArrayList<>();
        String rule = "UPDATE and DELETE are refused";
        for (String operation : List.of("verify-update", "verify-delete")) {
            String name = operation.substring("verify-".length());
            try {
                int rows = access.read(handle -> change(handle, operation));
                if (rows > 0) {
                    violations.add(name + " was carried out (and rolled back)");
                }
            } catch (StoreFailure refused) {
                LOG.debug("{} is refused, as it should be", operation, refused);
                if (refused.getCause() instanceof SQLException sql && dialect.lacksRights(sql)) {
                    rule += "; " + name + " not checked: this user has no right to try";
                }
            }
        }
        return new Check("IMM-1", rule, violations);
    }

    private int change(Handle handle, String operation) {
        long position;
        try (Query query = handle.createQuery(files.get("last-position"))) {
            position = query.mapTo(Long.class).one();
        }
        try (Update update = handle.createUpdate(files.get(operation))) {
            return update.bind("position", position).execute();
        }
    }
}
