package io.sqleventstore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sqleventstore.EntityType;
import io.sqleventstore.Selection;
import io.sqleventstore.conformance.TestDatabase;
import io.sqleventstore.conformance.TestStore;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The store that applications are tested with, in schemas. */
class PostgresTestStoreTest {
    private static final String TABLES =
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

    private static TestDatabase database;
    private static String url;

    @BeforeAll
    static void find() throws Exception {
        database = PostgresConformanceTest.anyServer();
        url = database.jdbcUrl(new PostgresFixture());
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @Test
    void isEmptyHasASchemaOfItsOwnAndLeavesNothingBehind() throws Exception {
        try (Connection server = DriverManager.getConnection(url)) {
            List<String> before = answers(server, TABLES);
            try (TestStore one = TestStore.at(url);
                    TestStore other = TestStore.at(url)) {
                one.store().register(EntityType.of("game", "started"));
                assertThat(other.store().registered()).isEmpty();
                assertThat(other.store().replay(Selection.all())).isEmpty();

                List<String> meanwhile = answers(server, TABLES);
                assertThat(createScore(one)).isEqualTo(createScore(other));
                assertThat(answers(server, TABLES))
                        .as("a table of the application's is where the store's are")
                        .hasSize(meanwhile.size() + 2)
                        .filteredOn(table -> !before.contains(table))
                        .allMatch(table -> table.matches("es_[0-9a-f]{8}[.].*"));
            }
            assertThat(answers(server, TABLES)).isEqualTo(before);
        }
    }

    /** On a connection that nobody has used before. */
    private static int createScore(TestStore store) throws SQLException {
        try (Connection used = store.dataSource().getConnection();
                Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(connection.unwrap(Connection.class)).isNotSameAs(used.unwrap(Connection.class));
            return statement.executeUpdate("CREATE TABLE score (points integer)");
        }
    }

    /** Never told their default schema, as those of SQL Server. */
    private static final class Deaf extends PostgresFixture {
        @Override
        protected DataSource connect(String jdbcUrl) {
            PGSimpleDataSource deaf = new PGSimpleDataSource() {
                private static final long serialVersionUID = 1L;

                @Override
                public Connection getConnection() throws SQLException {
                    return withoutSchema(super.getConnection());
                }
            };
            deaf.setUrl(jdbcUrl);
            return deaf;
        }

        private static Connection withoutSchema(Connection connection) {
            return (Connection) Proxy.newProxyInstance(
                    Deaf.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) ->
                            method.getName().equals("setSchema") ? null : method.invoke(connection, arguments));
        }
    }

    @Test
    void installsNothingWhereOthersAre() throws Exception {
        try (Connection server = DriverManager.getConnection(url)) {
            List<String> before = answers(server, "SELECT nspname FROM pg_namespace");
            assertThatIllegalStateException()
                    .isThrownBy(() -> TestStore.at(url, new Deaf()))
                    .withMessageContaining("default schema is public");
            assertThat(answers(server, "SELECT nspname FROM pg_namespace")).isEqualTo(before);
        }
    }

    private static List<String> answers(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> answers = new ArrayList<>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return answers;
        }
    }
}
