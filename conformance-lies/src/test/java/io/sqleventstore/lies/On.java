package io.sqleventstore.lies;

import io.sqleventstore.conformance.Fixture;
import io.sqleventstore.conformance.StoreUnderTest;
import io.sqleventstore.postgres.PostgresDialect;
import io.sqleventstore.postgres.PostgresFixture;
import io.sqleventstore.sql.StoreOptions;
import io.sqleventstore.sqlite.SqliteDialect;
import io.sqleventstore.sqlite.SqliteFixture;
import javax.sql.DataSource;

/** The databases that stores lie on. */
enum On {
    POSTGRES("PostgreSQL") {
        @Override
        Fixture fixture(Lie lie) {
            return new LyingPostgres(lie);
        }
    },
    SQLITE("SQLite") {
        @Override
        Fixture fixture(Lie lie) {
            return new LyingSqlite(lie);
        }
    };

    private final String product;

    On(String product) {
        this.product = product;
    }

    /** Its name. */
    String product() {
        return product;
    }

    /** What the suite is told of the database, with a store that lies. */
    abstract Fixture fixture(Lie lie);

    private static final class LyingPostgres extends PostgresFixture {
        private final Lie lie;

        LyingPostgres(Lie lie) {
            super(lie.dialect().apply(new PostgresDialect()));
            this.lie = lie;
        }

        @Override
        protected DataSource connect(String jdbcUrl) {
            return lie.connections().apply(super.connect(jdbcUrl));
        }

        @Override
        protected StoreUnderTest open(DataSource dataSource, StoreOptions options) {
            return lie.open(dataSource, dialect(), options);
        }
    }

    private static final class LyingSqlite extends SqliteFixture {
        private final Lie lie;

        LyingSqlite(Lie lie) {
            super(lie.dialect().apply(new SqliteDialect()));
            this.lie = lie;
        }

        @Override
        protected DataSource connect(String jdbcUrl) {
            return lie.connections().apply(super.connect(jdbcUrl));
        }

        @Override
        protected StoreUnderTest open(DataSource dataSource, StoreOptions options) {
            return lie.open(dataSource, dialect(), options);
        }
    }
}
