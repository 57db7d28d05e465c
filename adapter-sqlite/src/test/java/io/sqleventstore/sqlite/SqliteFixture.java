package io.sqleventstore.sqlite;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.Place;
import io.sqleventstore.conformance.Role;
import io.sqleventstore.conformance.Server;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite as the suite has to know it: each place is a file beside the one in the URL; a reader's connection is opened read-only. */
public class SqliteFixture extends Fixture {
    private static final String SCHEME = "jdbc:sqlite:";

    /** For the adapter's dialect. */
    public SqliteFixture() {
        this(new SqliteDialect());
    }

    /** For another dialect of this database. */
    protected SqliteFixture(Dialect dialect) {
        super(dialect);
    }

    @Override
    protected Place newPlace(Server server) {
        String named = server.jdbcUrl().substring(SCHEME.length()).replaceFirst("^file:", "");
        Path file = Path.of(named.replaceFirst("[?].*", "")).toAbsolutePath().resolveSibling(Server.newName() + ".db");
        String url = SCHEME + "file:" + file + "?";
        create(file);
        String rw = url + "mode=rw&"; // which doesn't make the file again when it is gone
        DataSource connections = connect(rw);
        return new Place(
                connections, role -> role == Role.READER ? url + "mode=ro&" : rw, StoreOptions.defaults(), () -> {
                    Server.close(connections);
                    delete(file);
                });
    }

    /** So that a file which is there already is never taken. */
    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            try {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    protected boolean writersTakeTurns() {
        return true;
    }

    @Override
    protected void kill(Connection connection, Server server) throws SQLException {
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
    protected List<String> otherChanges(Server server) {
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

    @Override
    protected String version() {
        return "SELECT sqlite_version()";
    }

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("isolation", "SELECT 'serializable, one writer at a time (SQLite has no other)'");
        settings.put("durability (PRAGMA synchronous, 2 is FULL)", "PRAGMA synchronous");
        settings.put("journal_mode", "PRAGMA journal_mode");
        settings.put("encoding", "PRAGMA encoding");
        settings.put("collation", "SELECT 'BINARY (SQLite''s default)'");
        settings.put("time zone", "SELECT 'UTC (SQLite''s clock)'");
        return settings;
    }
}
