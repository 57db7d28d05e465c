package io.sqleventstore.mysql;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** MariaDB 10.11 and later, with MariaDB Connector/J or MySQL Connector/J; see the package's description. */
public final class MariadbDialect extends InnoDbDialect {
    /** For the {@link java.util.ServiceLoader} and for {@code SqlEventStore.open(dataSource, new MariadbDialect())}. */
    public MariadbDialect() {}

    @Override
    public String name() {
        return "mariadb";
    }

    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return isMariadb(server);
    }

    /** Whatever the driver calls the product: the version has the word. */
    static boolean isMariadb(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductVersion().contains("MariaDB");
    }

    @Override
    public String sql(String operation) {
        String sql = super.sql(operation);
        return operation.equals("append") ? sql.stripTrailing() + "\nRETURNING event_id, position\n" : sql;
    }

    @Override
    public Optional<String> insertBriefly(String insert, int lockMillis) {
        return Optional.of("SET STATEMENT innodb_lock_wait_timeout = " + lockSeconds(lockMillis) + " FOR\n" + insert);
    }

    @Override
    String collation() {
        return "utf8mb4_nopad_bin";
    }

    @Override
    List<String> checks() {
        return List.of("foreign_key_checks", "unique_checks", "check_constraint_checks");
    }

    @Override
    int lockSeconds(int millis) {
        return millis / 1_000; // 0: not at all
    }
}
