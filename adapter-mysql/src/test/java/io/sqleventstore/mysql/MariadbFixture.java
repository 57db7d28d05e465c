package io.sqleventstore.mysql;

import io.sqleventstore.conformance.Server;
import java.util.List;
import java.util.stream.Stream;

/** MariaDB as the suite has to know it. */
public class MariadbFixture extends InnoDbFixture {
    /** For the adapter's dialect. */
    public MariadbFixture() {
        super(new MariadbDialect());
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
