package io.sqleventstore.mysql;

import io.sqleventstore.conformance.Server;
import java.sql.DatabaseMetaData;
import java.util.List;
import java.util.stream.Stream;

/** MariaDB as the suite has to know it. */
public class MariadbFixture extends InnoDbFixture {
    /** For the adapter's dialect. */
    public MariadbFixture() {
        super(new MariadbDialect());
    }

    /** Whatever the driver calls it: each of the two drivers serves both servers. */
    @Override
    protected String product(DatabaseMetaData server) {
        return "MariaDB";
    }

    @Override
    protected boolean isProduct(String version) {
        return version.contains("MariaDB");
    }

    @Override
    List<String> checks() {
        return List.of("foreign_key_checks", "unique_checks", "check_constraint_checks");
    }

    @Override
    protected String shortLockTimeout() {
        return "SET SESSION innodb_lock_wait_timeout = 0";
    }

    @Override
    protected List<String> otherChanges(Server server) {
        return Stream.concat(super.otherChanges(server).stream(), Stream.of("DELETE FROM {t} RETURNING entity"))
                .toList();
    }
}
