package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.Head;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.TransactionMustRestart;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.SqlSchema;
import io.sqleventstore.sql.StoreOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What a joined transaction is told on PostgreSQL, to the letter; the suite allows what any database may say. */
class JoinedTest {
    private static final String SCHEMA = "es_joined";
    private static final StoreOptions OPTIONS = StoreOptions.defaults().withSchema(SCHEMA);
    private static final NewEvent PAID = NewEvent.of("paid", "{}");
    private static final int ATTEMPTS = 4;

    private static TestDatabase database;
    private static PGSimpleDataSource dataSource;
    private static SqlEventStore store;
    private static int last;

    private final Entity entity = Entity.of("order", "no " + ++last);
    private Head head = Head.beforeFirst(entity);

    @BeforeAll
    static void install() throws Exception {
        database = PostgresConformanceTest.anyServer();
        dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.jdbcUrl(new PostgresFixture()));
        execute("CREATE SCHEMA " + SCHEMA, "CREATE TABLE " + SCHEMA + ".orders (number int)");
        SqlSchema.of(dataSource, new PostgresDialect(), OPTIONS).install();
        store = SqlEventStore.open(dataSource, new PostgresDialect(), OPTIONS);
        store.register(EntityType.of("order", "paid"));
    }

    @AfterAll
    static void drop() throws Exception {
        execute("DROP SCHEMA " + SCHEMA + " CASCADE");
        database.close();
    }

    @BeforeEach
    void ordered() {
        head = store.append(head.append(PAID)).head();
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Does the work in a transaction at that level, and commits. */
    private void transaction(int level, Work work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(level);
            work.in(connection, store.join(connection));
            connection.commit();
        }
    }

    private interface Work {
        void in(Connection connection, EventStore joined) throws SQLException;
    }

    private static void order(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + SCHEMA + ".orders VALUES (" + last + ")");
        }
    }

    private static long orders() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT count(*) FROM " + SCHEMA + ".orders WHERE number = " + last)) {
            row.next();
            return row.getLong(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void ATM_2_a_conflict_that_the_snapshot_does_not_show_asks_for_a_restart(int level) throws SQLException {
        transaction(level, (connection, joined) -> {
            assertThat(joined.replay(entity).head()).isEqualTo(head);
            Head theirs = store.append(head.append(PAID)).head();
            assertThatThrownBy(() -> joined.append(head.append(PAID))).isInstanceOf(TransactionMustRestart.class);
            assertThatThrownBy(() -> joined.append(theirs.append(PAID))).isInstanceOf(TransactionMustRestart.class);
        });
        assertThat(store.replay(entity).events()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void ATM_2_a_refused_append_leaves_the_transaction_usable(int level) throws SQLException {
        transaction(level, (connection, joined) -> {
            order(connection);
            assertThatThrownBy(() -> joined.append(Head.beforeFirst(entity).append(PAID)))
                    .isInstanceOfSatisfying(
                            StaleAppend.class,
                            stale -> assertThat(stale.current()).isEqualTo(head));
            joined.append(head.append(PAID));
            order(connection);
        });
        assertThat(store.replay(entity).events()).hasSize(2);
        assertThat(orders()).isEqualTo(2);
    }

    @Test
    void ATM_2_TAIL_2_who_loses_its_positions_again_and_again_is_asked_for_a_restart() throws SQLException {
        execute("INSERT INTO " + SCHEMA
                + ".event_void (position, event_id, entity, entity_key, revision, event, append_key,"
                + " append_index, data) SELECT last_value + n, gen_random_uuid(), '~void', '~void:' || last_value + n, 1, '~void',"
                + " '~void:' || last_value + n, 0, '[]' FROM " + SCHEMA
                + ".event_ledger_position_seq, generate_series(1, " + ATTEMPTS + ") n");
        transaction(Connection.TRANSACTION_READ_COMMITTED, (connection, joined) -> {
            order(connection);
            assertThatThrownBy(() -> joined.append(head.append(PAID))).isInstanceOf(TransactionMustRestart.class);
            assertThat(joined.replay(entity).events()).hasSize(1);
            joined.append(head.append(PAID));
        });
        assertThat(store.replay(entity).events()).hasSize(2);
        assertThat(orders()).isEqualTo(1);
    }
}
