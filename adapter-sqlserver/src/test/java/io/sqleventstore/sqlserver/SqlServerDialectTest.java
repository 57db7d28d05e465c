package io.sqleventstore.sqlserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.sqlserver.jdbc.ISQLServerConnection;
import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import io.sqleventstore.sql.Dialects;
import io.sqleventstore.sql.Fault;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be told of the dialect and Microsoft's driver without a server. */
class SqlServerDialectTest {
    private final SqlServerDialect dialect = new SqlServerDialect();

    @Test
    void it_is_found_on_the_class_path() {
        assertThat(Dialects.all()).hasAtLeastOneElementOfType(SqlServerDialect.class);
    }

    @ParameterizedTest
    @CsvSource({"Microsoft SQL Server, true", "PostgreSQL, false", "Oracle, false"})
    void it_serves_sql_server_by_the_name_that_the_driver_gives(String product, boolean serves) throws SQLException {
        DatabaseMetaData server = (DatabaseMetaData) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, arguments) -> product);
        assertThat(dialect.serves(server)).isEqualTo(serves);
    }

    /** Each code's meaning is the text of the message in sys.messages; docs/dialects/sqlserver.md says where it is documented. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "2627, UNIQUE, violation of a UNIQUE or PRIMARY KEY constraint",
        "2601, UNIQUE, duplicate key row in an object with a unique index",
        "547, FOREIGN_KEY, conflict with a FOREIGN KEY or CHECK constraint",
        "515, CHECK, NULL into a column that takes none",
        "8152, CHECK, string or binary data would be truncated",
        "2628, CHECK, the same with table and column",
        "550, CHECK, a view's WITH CHECK OPTION",
        "8115, CHECK, arithmetic overflow",
        "1205, RETRYABLE, deadlock victim",
        "1222, RETRYABLE, lock request time out",
        "3960, RETRYABLE, snapshot isolation update conflict",
        "3961, RETRYABLE, snapshot isolation and a concurrent DDL",
        "3930, RETRYABLE, the transaction can't be committed",
        "3998, RETRYABLE, uncommittable transaction at the end of the batch",
        "1204, RETRYABLE, no lock resource",
        "8645, RETRYABLE, no memory for the query in time",
        "8651, RETRYABLE, no memory for the query",
        "701, RETRYABLE, no memory",
        "3931, RETRYABLE, no way back to the savepoint",
        "976, UNAVAILABLE, availability group: not readable on this replica",
        "978, UNAVAILABLE, availability group: for read intent only",
        "983, UNAVAILABLE, availability group: in the middle of a change of roles",
        "9001, UNAVAILABLE, the log is not available",
        "40549, UNAVAILABLE, Azure: session ended for a long transaction",
        "40553, UNAVAILABLE, Azure: session ended for its memory",
        "40501, RETRYABLE, Azure: the service is busy",
        "10928, RETRYABLE, Azure: resource limit reached",
        "10929, RETRYABLE, Azure: resource limit reached",
        "49918, RETRYABLE, Azure: not enough resources",
        "49919, RETRYABLE, Azure: too many create or update operations",
        "49920, RETRYABLE, Azure: too many operations",
        "40613, UNAVAILABLE, Azure: the database is not available",
        "40197, UNAVAILABLE, Azure: an error processing the request",
        "40143, UNAVAILABLE, Azure: an error processing the request",
        "596, UNAVAILABLE, the session is in the kill state",
        "6005, UNAVAILABLE, shutdown in progress",
        "4060, UNAVAILABLE, the database can't be opened",
        "922, UNAVAILABLE, the database is being recovered",
        "3906, READ_ONLY, the database is read-only as after a failover",
        "51000, OTHER, the trigger of ours",
        "102, OTHER, syntax",
        "229, OTHER, no permission",
        "3903, OTHER, no transaction to roll back",
        "8003, OTHER, too many parameters",
        "18456, OTHER, login failed"
    })
    void a_fault_is_told_by_its_number(int code, Fault fault, String meaning) {
        assertThat(dialect.fault(new SQLException(meaning, "S0001", code))).isEqualTo(fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:sqlserver://localhost:1433;encrypt=false",
                "jdbc:sqlserver://localhost;databaseName=app;user=sa;password=old;encrypt=true;",
                "jdbc:sqlserver://h\\instance;User=sa;Password=old;trustServerCertificate=true"
            })
    void the_driver_reads_a_user_from_the_fixtures_urls(String url) throws SQLException {
        String as = new SqlServerFixture().as(url, "es_user", "Es-1-password");
        SQLServerDriver driver = new SQLServerDriver();
        assertThat(driver.acceptsURL(as)).isTrue();
        assertThat(property(driver, as, "user")).isEqualTo("es_user");
        assertThat(as).doesNotContain("old", "=sa").endsWith(";password=Es-1-password"); // the driver shows no password
    }

    /** What the SQL relies on: where a statement is sent by sp_executesql, its SET ends with it. */
    @Test
    void the_drivers_defaults_are_those_that_the_statements_count_on() throws SQLException {
        String url = "jdbc:sqlserver://localhost";
        SQLServerDriver driver = new SQLServerDriver();
        assertThat(property(driver, url, "prepareMethod")).isEqualTo("prepexec");
        assertThat(property(driver, url, "lockTimeout")).isEqualTo("-1");
    }

    private static String property(SQLServerDriver driver, String url, String name) throws SQLException {
        return Arrays.stream(driver.getPropertyInfo(url, new Properties()))
                .filter(info -> info.name.equals(name))
                .findFirst()
                .map((DriverPropertyInfo info) -> info.value)
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "4, false", "8, false", ISQLServerConnection.TRANSACTION_SNAPSHOT + ", true"})
    void only_a_snapshot_shows_an_old_state(int level, boolean old) throws SQLException {
        Connection connection = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> level);
        assertThat(dialect.showsAnOldState(connection)).isEqualTo(old);
    }

    @Test
    void texts_are_sent_as_unicode_whatever_the_connection_says() throws SQLException {
        List<String> called = new ArrayList<>();
        PreparedStatement statement = (PreparedStatement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, arguments) -> {
                    called.add(method.getName() + Arrays.toString(arguments));
                    return null;
                });
        dialect.bindText(statement, 1, "ключ");
        dialect.bind(statement, 2, "{}");
        assertThat(called).containsExactly("setNString[1, ключ]", "setObject[2, {}, -16]");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "0, false", "-1, false"})
    void a_savepoint_is_gone_with_its_transaction_although_the_driver_says_nothing(int state, boolean there)
            throws SQLException {
        List<String> called = new ArrayList<>();
        Connection connection = answering(state, called);
        Savepoint savepoint = proxy(Savepoint.class, (method, arguments) -> null);
        if (there) {
            dialect.rollback(connection, savepoint);
        } else {
            assertThatThrownBy(() -> dialect.rollback(connection, savepoint))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            lost -> assertThat(dialect.fault(lost)).isEqualTo(Fault.RETRYABLE));
        }
        assertThat(called.contains("rollback")).isEqualTo(there);
        assertThat(called).contains("SELECT XACT_STATE()");
    }

    /** A connection whose queries are answered by that number. */
    private static Connection answering(int number, List<String> called) {
        ResultSet row = proxy(
                ResultSet.class,
                (method, arguments) -> method.equals("getInt") ? (Object) number : method.equals("next") ? true : null);
        Statement statement = proxy(Statement.class, (method, arguments) -> {
            if (method.equals("executeQuery")) {
                called.add(String.valueOf(arguments[0]));
                return row;
            }
            return null;
        });
        return proxy(Connection.class, (method, arguments) -> {
            called.add(method);
            return method.equals("createStatement") ? statement : null;
        });
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                SqlServerDialectTest.class.getClassLoader(),
                new Class<?>[] {type},
                (it, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    @Test
    void another_product_is_not_taken_for_sql_server() {
        SqlServerFixture fixture = new SqlServerFixture();
        assertThat(fixture.isProduct("Microsoft SQL Server 2022 (RTM-CU15) (KB5041321) - 16.0.4145.4 (X64)"))
                .isTrue();
        assertThat(fixture.isProduct("Microsoft SQL Azure (RTM) - 12.0.2000.8")).isTrue();
        assertThat(fixture.isProduct("Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8"))
                .isFalse();
    }

    @Test
    void a_missing_right_is_known_by_its_code() {
        assertThat(dialect.lacksRights(new SQLException("denied", "S0005", 229)))
                .isTrue();
        assertThat(dialect.lacksRights(new SQLException("append-only", "S0001", 50_000)))
                .isFalse();
    }

    @Test
    void a_time_is_written_to_the_microsecond_in_utc() {
        assertThat(dialect.bind(Instant.parse("2026-03-29T01:30:00Z"))).isEqualTo("2026-03-29T01:30:00.000000");
        assertThat(dialect.bind(Instant.parse("2026-03-29T01:30:00.123456789Z")))
                .isEqualTo("2026-03-29T01:30:00.123456");
    }

    @Test
    void an_id_is_sixteen_bytes_in_the_order_that_it_is_written_in() {
        UUID id = UUID.fromString("01020304-0506-7708-890a-0b0c0d0e0f10");
        assertThat((byte[]) dialect.bind(id))
                .containsExactly(1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16);
    }
}
