package io.sqleventstore.mysql;

import io.sqleventstore.sql.Insertion;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** MySQL 8.0.17 and later, with MySQL Connector/J or MariaDB Connector/J; see the package's description. */
public final class MysqlDialect extends InnoDbDialect {
    /** For the {@link java.util.ServiceLoader} and for {@code SqlEventStore.open(dataSource, new MysqlDialect())}. */
    public MysqlDialect() {}

    @Override
    public String name() {
        return "mysql";
    }

    @Override
    public boolean serves(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductName().equals("MySQL") && !MariadbDialect.isMariadb(server);
    }

    @Override
    public Insertion insertion() {
        return Insertion.GENERATED_KEY;
    }

    @Override
    String collation() {
        return "utf8mb4_0900_bin";
    }

    @Override
    int lockSeconds(int millis) {
        return Math.max(1, millis / 1_000);
    }
}
