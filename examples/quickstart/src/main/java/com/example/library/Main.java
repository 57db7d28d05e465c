package com.example.library;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.EventStore;
import io.sqleventstore.EventStoreException;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import javax.sql.DataSource;

/** The library's desk: {@code lend}, {@code return}, {@code loans}, {@code overdue}. */
public final class Main {
    private static final String USAGE = """
            library lend <copy> <member> [<command id>]
            library return <copy> <member> [<command id>]
            library loans
            library overdue
            """;

    private Main() {}

    public static void main(String... args) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getenv().getOrDefault("LIBRARY_URL", "jdbc:sqlite:library.db"));
        try (HikariDataSource database = new HikariDataSource(config)) {
            System.out.print(run(database, args));
        } catch (Refused | EventStoreException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Does what the arguments say and returns what to print. */
    static String run(DataSource database, String... args) {
        SqlSchema.of(database).install(); // idempotent
        EventStore store = SqlEventStore.open(database);
        String command = args.length == 0 ? "" : args[0];
        return switch (command) {
            case "lend", "return" -> args.length < 3 ? USAGE : change(new Library(store), args);
            case "loans", "overdue" -> list(new Loans(database, store), command.equals("overdue"));
            default -> USAGE;
        };
    }

    private static String change(Library library, String... args) {
        String id = args.length > 3 ? args[3] : UUID.randomUUID().toString();
        boolean repeated = args[0].equals("lend")
                ? library.lend(id, args[1], args[2]).repeated()
                : library.takeBack(id, args[1], args[2]).repeated();
        return (repeated ? "Done before" : "Done") + ", as command " + id + ".\n";
    }

    private static String list(Loans loans, boolean overdue) {
        loans.update();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        StringBuilder lines = new StringBuilder();
        for (Loan loan : loans.all()) {
            if (!overdue || loan.isOverdue(today)) {
                lines.append("%s is with %s until %s%n".formatted(loan.copy(), loan.member(), loan.due()));
            }
        }
        return lines.toString();
    }
}
