package io.sqleventstore.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A database.
 *
 * @param url as JDBC has it; of SQLite a file that is not there
 * @param user who may create schemas, if the URL doesn't say it
 * @param password the user's
 */
public record Address(
        String url, @Nullable String user, @Nullable String password) {
    private static final String SQLITE = "jdbc:sqlite:";

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        put(properties, "user", user);
        put(properties, "password", password);
        // what a transaction that the store joins has to begin with there, or it may be too late to write
        put(properties, "transaction_mode", url.startsWith(SQLITE) ? "IMMEDIATE" : null);
        return DriverManager.getConnection(url, properties);
    }

    private static void put(Properties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "a database";
    }
}
