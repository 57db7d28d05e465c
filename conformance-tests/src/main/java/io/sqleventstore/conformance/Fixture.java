package io.sqleventstore.conformance;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.StoreOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * What the suite has to know of a kind of database to certify a dialect on it: how to get an empty place for tables, which statements it
 * has beside the common ones, what its server tells about itself. Every method has an answer for a server that does as the SQL standard
 * and most servers do; a subclass says where its database differs. The suite asserts both answers, so a wrong one makes a test fail.
 *
 * <p>Stateless. A subclass with a public constructor without parameters that is named in {@code
 * META-INF/services/io.sqleventstore.conformance.Fixture} is found by {@code eventstore certify}.
 */
public class Fixture {
    private static final int POOL_SIZE = 40;
    private static final int IDLE_MILLIS = 10_000;

    private final Dialect dialect;

    /**
     * For that dialect, on a database that does as most do.
     *
     * @param dialect the dialect to certify
     */
    public Fixture(Dialect dialect) {
        this.dialect = dialect;
    }

    /** {@return the dialect to certify} */
    public final Dialect dialect() {
        return dialect;
    }

    // ---- places and users ----

    /**
     * {@return a new, empty place for a store's tables: a schema, unless overridden}
     *
     * @param server the server that the suite runs on
     */
    protected Place newPlace(Server server) {
        String schema = Server.newName();
        server.execute(createSchema(schema));
        StoreOptions options = StoreOptions.defaults().withSchema(schema);
        return new Place(server.owner(), server.users(options), options, () -> server.execute(dropSchema(schema)));
    }

    /**
     * {@return the statement that creates a schema}
     *
     * @param schema a name that no schema has, in lower case
     */
    protected String createSchema(String schema) {
        return "CREATE SCHEMA " + schema;
    }

    /**
     * {@return the statement that removes a schema with everything in it}
     *
     * @param schema the name of a schema that {@link #createSchema} made
     */
    protected String dropSchema(String schema) {
        return "DROP SCHEMA " + schema + " CASCADE";
    }

    /** {@return whether the database knows users with different rights} */
    protected boolean hasRoles() {
        return true;
    }

    /**
     * {@return the statement that creates a user who may connect and do nothing else; not called without {@link #hasRoles() roles}}
     *
     * @param user a name in lower case
     * @param password one with upper and lower case, digits and another sign
     */
    protected String createUser(String user, String password) {
        return "CREATE USER " + user + " WITH PASSWORD '" + password + "'";
    }

    /**
     * {@return the statements that remove a user with all rights; executed when the places are gone}
     *
     * @param user a name in lower case
     */
    protected List<String> dropUser(String user) {
        return List.of("DROP USER " + user);
    }

    /**
     * Lets a user read and write a table of the owner's; not called without {@link #hasRoles() roles}.
     *
     * @param table the table's name, with its schema
     * @param user a name in lower case
     * @return the statement
     */
    protected String grant(String table, String user) {
        return "GRANT SELECT, INSERT ON " + table + " TO " + user;
    }

    /**
     * {@return the JDBC URL of the server with that user's credentials in place of its own, which are parameters {@code user} and {@code
     * password}}
     * A password may have any sign in it; it is encoded as in the query of a URI.
     *
     * @param jdbcUrl a URL of the server
     * @param user the user to connect as
     * @param password the password of that user
     */
    protected String as(String jdbcUrl, String user, String password) {
        String anonymous = jdbcUrl.replaceAll("(?<=[?&])(user|password)=[^&]*&?", "");
        String separator = anonymous.contains("?") ? "&" : "?";
        return anonymous + separator + "user=" + encoded(user) + "&password=" + encoded(password);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * {@return connections by that URL, at least 40 of them at once; closed at the end if the data source is {@link AutoCloseable}}
     *
     * @param jdbcUrl a URL of the server with the credentials of one user
     */
    protected DataSource connect(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE_MILLIS); // soon: a server has many such pools to bear
        return new HikariDataSource(config);
    }

    /**
     * How a store is opened; override it to certify what stands around the store, such as a decorator of one's own.
     *
     * @param dataSource the connections that the store gets
     * @param options the place of the tables
     * @return the store, and what each store that joins a transaction is put into
     */
    protected StoreUnderTest open(DataSource dataSource, StoreOptions options) {
        return new StoreUnderTest(SqlEventStore.open(dataSource, dialect, options), UnaryOperator.identity());
    }

    // ---- in what the database differs ----

    /** {@return the unit in which the database's clock counts} */
    protected Duration timePrecision() {
        return Duration.ofNanos(1_000);
    }

    /** {@return whether the database has a TRUNCATE statement} */
    protected boolean truncates() {
        return true;
    }

    /**
     * {@return the isolation levels that the database has beside the four of JDBC, as its driver numbers them}
     *
     * @param connection an open one to the server
     * @throws SQLException what the driver throws
     */
    protected List<Integer> furtherIsolationLevels(Connection connection) throws SQLException {
        return List.of();
    }

    /** {@return whether only one transaction can write at a time, so that positions are committed in the order they are drawn in} */
    protected boolean writersTakeTurns() {
        return false;
    }

    /** {@return whether a position of 0 in an insert by hand is no position but asks the database to draw one} */
    protected boolean drawsForZero() {
        return false;
    }

    /**
     * {@return what stands after {@code INSERT INTO t (…)} to insert several rows in one statement}
     *
     * @param rows their values, separated by commas; two or more
     */
    protected String rowsToInsert(List<String> rows) {
        return "VALUES (" + String.join("), (", rows) + ")";
    }

    /**
     * {@return whether the dialect's {@code generator.sql} tells exactly the last position that was given out} If not, it may be ahead by
     * what the generator keeps in a cache, and a generator that is behind the ledger by no more than that goes unnoticed: appends draw
     * their way through.
     */
    protected boolean generatorIsExact() {
        return true;
    }

    /**
     * {@return rewritings of an {@code INSERT INTO t (…) VALUES (…)} that overwrite, or pass over, a row that is in the way (contract
     * ORD-6): all that the database has} Some of the statements leave {@code position} out.
     */
    protected List<UnaryOperator<String>> overwritingInserts() {
        return List.of(
                sql -> sql + " ON CONFLICT DO NOTHING",
                sql -> sql + " ON CONFLICT (position) DO UPDATE SET data = EXCLUDED.data",
                sql -> sql + " ON CONFLICT (event_id) DO UPDATE SET data = EXCLUDED.data",
                sql -> sql + " ON CONFLICT (append_key, append_index) DO UPDATE SET data = EXCLUDED.data",
                sql -> sql + " ON CONFLICT (entity, entity_key, revision) DO UPDATE SET event_id = EXCLUDED.event_id");
    }

    /**
     * {@return statements that change or remove rows of the table {@code {t}}, each of which has a column {@code entity}, and that are no
     * plain UPDATE, DELETE or TRUNCATE (contract IMM-1): all that the database has}
     *
     * @param server the server that the suite runs on
     */
    protected List<String> otherChanges(Server server) {
        return List.of(
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN UPDATE SET entity = entity",
                "MERGE INTO {t} USING (SELECT 1 AS one) s ON (1 = s.one) WHEN MATCHED THEN DELETE");
    }

    /**
     * {@return what the driver throws when the database asks to try again: a deadlock victim, a lock timeout} The dialect calls it {@link
     * io.sqleventstore.sql.Fault#RETRYABLE}; unless overridden it has the SQL standard's SQLState for a serialization failure.
     */
    protected SQLException retryable() {
        return new SQLException("try again (on purpose)", "40001");
    }

    /**
     * {@return how long the shortest wait for a lock may take that the database can be told, where the dialect asks for 100 ms; that,
     * unless overridden}
     */
    protected Duration lockWait() {
        return Duration.ofMillis(100);
    }

    /**
     * {@return the statement that makes the transaction or session it is executed in wait for a lock only briefly, {@link #lockWait} at
     * most; empty if the database has none, so that it waits until the lock is free}
     */
    protected String shortLockTimeout() {
        return "";
    }

    /**
     * Ends the session behind a connection, at once, as a crash or an administrator would; unless overridden, the client's side of it.
     *
     * @param connection the one whose session is to end
     * @param server the server that the suite runs on
     * @throws SQLException what the driver throws
     */
    protected void kill(Connection connection, Server server) throws SQLException {
        connection.abort(Runnable::run);
    }

    /**
     * {@return the query that answers with statements, each of which ends a session of that user's; empty if the database has none}
     *
     * @param user as {@link #createUser} was given it
     */
    public String sessionEnders(String user) {
        return "";
    }

    /**
     * {@return the statements by which the owner makes the whole server read-only for users of few rights, or writable again, also if he did
     * so before; none if the database can't}
     *
     * @param on whether it is to be read-only
     */
    public List<String> readOnly(boolean on) {
        return List.of();
    }

    // ---- what the server says of itself, for the certificate ----

    /** {@return the query that the server answers with its product and version in full; empty if only the driver can tell} */
    protected String version() {
        return "";
    }

    /**
     * {@return the name of the product; what the driver says, unless overridden}
     *
     * @param server as the driver describes it
     * @throws SQLException what the driver throws
     */
    protected String product(DatabaseMetaData server) throws SQLException {
        return server.getDatabaseProductName();
    }

    /**
     * {@return whether the server is the product that the dialect is for, so that a compatible one is not certified under its name; yes,
     * unless overridden}
     *
     * @param version what it answers to {@link #version}
     */
    protected boolean isProduct(String version) {
        return true;
    }

    /**
     * {@return the settings that matter for the promises, each with the query that tells its value} There is at least one whose name begins
     * with each of {@code isolation}, {@code durability}, {@code collation} and {@code time zone}; the certificate says which are lacking.
     */
    protected Map<String, String> settings() {
        return Map.of();
    }
}
