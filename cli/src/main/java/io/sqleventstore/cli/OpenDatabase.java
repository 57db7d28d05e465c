package io.sqleventstore.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;

/** A database that answered, until it is closed. */
record OpenDatabase(HikariDataSource pool, Dialect dialect, StoreOptions options) implements AutoCloseable {
    SqlSchema schema() {
        return SqlSchema.of(pool, dialect, options);
    }

    SqlEventStore store() {
        return SqlEventStore.open(pool, dialect, options);
    }

    @Override
    public void close() {
        pool.close();
    }
}
