package io.sqleventstore.mysql;

import io.sqleventstore.conformance.Server;
import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** MySQL as the suite has to know it. */
public class MysqlFixture extends InnoDbFixture {
    private static final Pattern OTHERS =
            Pattern.compile("(?i)mariadb|percona|tidb|aurora|oceanbase|singlestore|memsql|dolt|vitess");

    /** For the adapter's dialect. */
    public MysqlFixture() {
        super(new MysqlDialect());
    }

    /** Whatever the driver calls it: each of the two drivers serves both servers. */
    @Override
    protected String product(DatabaseMetaData server) {
        return "MySQL";
    }

    /** Not of those that speak MySQL's protocol and call themselves MySQL, as far as their versions tell. */
    @Override
    protected boolean isProduct(String version) {
        return !OTHERS.matcher(version).find();
    }

    @Override
    List<String> checks() {
        return List.of("foreign_key_checks", "unique_checks");
    }

    /** A second, and InnoDB looks once a second who has waited for too long. */
    @Override
    protected Duration lockWait() {
        return Duration.ofSeconds(2);
    }

    @Override
    protected String shortLockTimeout() {
        return "SET SESSION innodb_lock_wait_timeout = 1";
    }

    @Override
    protected List<UnaryOperator<String>> overwritingInserts() {
        return Stream.concat(
                        super.overwritingInserts().stream(),
                        Stream.<UnaryOperator<String>>of(
                                sql -> sql + " AS fresh ON DUPLICATE KEY UPDATE data = fresh.data"))
                .toList();
    }

    @Override
    protected List<String> otherChanges(Server server) {
        return Stream.concat(
                        super.otherChanges(server).stream(),
                        Stream.of(
                                "WITH one AS (SELECT 1 AS n) DELETE FROM {t} WHERE 1 IN (SELECT n FROM one)",
                                "WITH one AS (SELECT 1 AS n) UPDATE {t} SET entity = 'y' WHERE 1 IN (SELECT n FROM one)"))
                .toList();
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = super.settings();
        settings.put("isolation", "SELECT @@transaction_isolation");
        return settings;
    }
}
