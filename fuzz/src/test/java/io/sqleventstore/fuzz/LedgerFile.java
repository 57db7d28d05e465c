package io.sqleventstore.fuzz;

import io.sqleventstore.EntityType;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteDataSource;

/** A ledger in a SQLite file of its own, for one run; the file is gone when it is closed. */
public final class LedgerFile implements AutoCloseable {
    private static final byte[] EMPTY = installed();

    private final Path file;
    private final SQLiteDataSource dataSource = new SQLiteDataSource();

    private LedgerFile(byte[] content) throws IOException {
        file = Files.write(Files.createTempFile("fuzz", ".db"), content);
        dataSource.setUrl(url());
    }

    /** With tables and nothing in them. */
    public static LedgerFile empty() {
        return of(EMPTY);
    }

    /** With that content, which another one had. */
    public static LedgerFile of(byte[] content) {
        try {
            return new LedgerFile(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a ledger holds that has these names. */
    public static byte[] withNames(EntityType... types) {
        try (LedgerFile ledger = empty()) {
            ledger.store().register(types);
            return ledger.content();
        }
    }

    private static byte[] installed() {
        try (LedgerFile ledger = of(new byte[0])) {
            SqlSchema.of(ledger.dataSource()).install();
            return ledger.content();
        }
    }

    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** What the command line calls it. */
    public String url() {
        return "jdbc:sqlite:" + file;
    }

    SQLiteDataSource dataSource() {
        return dataSource;
    }

    Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    /** A store in it. */
    public SqlEventStore store() {
        return store(StoreOptions.defaults());
    }

    SqlEventStore store(StoreOptions options) {
        return SqlEventStore.open(dataSource, Dialects.of(dataSource), options);
    }

    @Override
    public void close() {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            try {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
