package com.example.library;

import io.sqleventstore.Cursor;
import io.sqleventstore.EventStore;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import io.sqleventstore.Tail;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The read model: which copies are on loan, in a table that follows the events. Many processes may update it at once: the cursor is in the
 * same database, and moves in the transaction that changes the table.
 */
public final class Loans {
    private static final Selection EVENTS = Selection.all().ofEntity(Library.COPY);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int PAUSES = 100;

    private final Jdbi jdbi;
    private final EventStore store;

    /** Creates the tables; an application in production leaves that to its migrations. */
    public Loans(DataSource dataSource, EventStore store) {
        this.jdbi = Jdbi.create(dataSource);
        this.store = store;
        jdbi.useHandle(handle -> {
            handle.execute("CREATE TABLE IF NOT EXISTS loan (copy VARCHAR(255) PRIMARY KEY,"
                    + " member VARCHAR(255) NOT NULL, since VARCHAR(10) NOT NULL)");
            handle.execute(
                    "CREATE TABLE IF NOT EXISTS loan_cursor (id INTEGER PRIMARY KEY, token VARCHAR(100) NOT NULL)");
            handle.execute("INSERT INTO loan_cursor SELECT 1, '' WHERE NOT EXISTS (SELECT 1 FROM loan_cursor)");
        });
    }

    /** All loans, as of the last update. */
    public List<Loan> all() {
        return jdbi.withHandle(handle -> handle.select("SELECT copy, member, since FROM loan ORDER BY copy")
                .map((row, context) -> new Loan(
                        row.getString("copy"), row.getString("member"), LocalDate.parse(row.getString("since"))))
                .list());
    }

    /** Takes in what has happened since the last update. */
    public void update() {
        while (takeInPage()) {
            // there may be more
        }
    }

    /** Forgets everything and takes it in again, as after a change of the table. */
    public void rebuild() {
        jdbi.useTransaction(transaction -> {
            transaction.execute("UPDATE loan_cursor SET token = ?", Cursor.START.token());
            transaction.execute("DELETE FROM loan");
        });
        update();
    }

    private boolean takeInPage() {
        Cursor from = new Cursor(jdbi.withHandle(handle -> handle.select("SELECT token FROM loan_cursor")
                .mapTo(String.class)
                .one()));
        Tail.Page page = nextPage(store.tail(EVENTS, from));
        if (page.cursor().equals(from)) {
            return false;
        }
        jdbi.useTransaction(transaction -> {
            int moved = transaction.execute(
                    "UPDATE loan_cursor SET token = ? WHERE token = ?",
                    page.cursor().token(),
                    from.token());
            if (moved == 1) { // else another process has taken the page in
                page.events().forEach(event -> takeIn(event, transaction));
            }
        });
        return true;
    }

    /** Waits a while for appends that are under way: what was stored since may be behind one. */
    private static Tail.Page nextPage(Tail tail) {
        Tail.Page page = tail.next(PAUSE);
        for (int i = 1; i < PAUSES && page.events().isEmpty() && tail.waiting().isPresent(); i++) {
            page = tail.next(PAUSE);
        }
        return page;
    }

    private static void takeIn(StoredEvent event, Handle transaction) {
        String copy = event.entity().key();
        switch (event.name()) {
            case "lent" ->
                transaction.execute(
                        "INSERT INTO loan (copy, member, since) VALUES (?, ?, ?)",
                        copy,
                        Library.memberOf(event),
                        LocalDate.ofInstant(event.recordedAt(), ZoneOffset.UTC).toString());
            case "returned" -> transaction.execute("DELETE FROM loan WHERE copy = ?", copy);
            default -> {} // an event that a later version of the library stores
        }
    }
}
