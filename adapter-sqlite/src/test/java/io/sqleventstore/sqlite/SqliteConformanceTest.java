package io.sqleventstore.sqlite;

import io.sqleventstore.conformance.EventStoreConformance;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.Role;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.StoreOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Certifies SQLite: each place is a file; a reader is a connection that is opened read-only. */
public class SqliteConformanceTest extends EventStoreConformance {
    @TempDir
    static Path folder;

    @Override
    protected Dialect dialect() {
        return new SqliteDialect();
    }

    @Override
    protected Place newPlace() {
        String url = "jdbc:sqlite:file:" + folder.resolve(UUID.randomUUID() + ".db") + "?";
        return new Place(
                connect(url), role -> role == Role.READER ? url + "mode=ro&" : url, StoreOptions.defaults(), () -> {});
    }

    @Override
    protected DataSource connect(String jdbcUrl) {
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl(jdbcUrl);
        return file;
    }

    @Override
    protected String joinable(String jdbcUrl) {
        return jdbcUrl + "foreign_keys=true&";
    }

    @Override
    protected boolean writersTakeTurns() {
        return true;
    }

    @Override
    protected void kill(Connection connection) throws SQLException {
        connection.close(); // there is no server whose session could outlive it
    }

    @Override
    protected String shortLockTimeout() {
        return "PRAGMA busy_timeout = 100";
    }

    @Override
    protected Duration timePrecision() {
        return Duration.ofMillis(1);
    }

    @Override
    protected SQLException retryable() {
        return new SQLiteException("busy (on purpose)", SQLiteErrorCode.SQLITE_BUSY);
    }

    @Override
    protected List<UnaryOperator<String>> overwritingInserts() {
        Stream<UnaryOperator<String>> words = Stream.of(
                        "REPLACE",
                        "INSERT OR REPLACE",
                        "INSERT OR IGNORE",
                        "INSERT OR FAIL",
                        "INSERT OR ABORT",
                        "INSERT OR ROLLBACK")
                .map(word -> sql -> word + sql.substring("INSERT".length()));
        return Stream.concat(words, super.overwritingInserts().stream()).toList();
    }

    @Override
    protected List<String> otherChanges() {
        return List.of(
                "UPDATE OR IGNORE {t} SET entity = entity",
                "UPDATE OR REPLACE {t} SET entity = entity",
                "UPDATE OR FAIL {t} SET entity = entity",
                "UPDATE OR ROLLBACK {t} SET entity = entity",
                "WITH one AS (SELECT 1) UPDATE {t} SET entity = entity FROM one",
                "WITH one AS (SELECT 1) DELETE FROM {t} WHERE 1 IN one",
                "DELETE FROM {t} RETURNING entity");
    }

    @Override
    protected boolean truncates() {
        return false;
    }

    @Override
    protected boolean hasRoles() {
        return false;
    }
}
