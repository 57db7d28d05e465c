package io.sqleventstore.sql;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * How one kind of database differs from the others: its SQL, the meaning of its error codes, its types. What an adapter
 * implements, with the SQL files beside the class and, to be found on the class path, an entry in {@code
 * META-INF/services/io.sqleventstore.sql.Dialect}.
 *
 * <p>Implementations are stateless and safe for use by many threads, and have a public constructor without parameters. The
 * engine calls every method with a connection or result set that it owns; a method never closes it.
 */
public interface Dialect {
    /** {@return a short name in lower case, such as {@code sqlite}} */
    String name();

    /**
     * {@return whether this dialect is made for the server (and driver) behind the connection}
     *
     * @param server what the driver tells of the server and of itself
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    boolean serves(DatabaseMetaData server) throws SQLException;

    /**
     * {@return the SQL of an operation, such as {@code append}: the content of the file {@code append.sql} beside this class, else of the
     * one that all dialects share} Placeholders in braces are explained in {@code docs/architecture.md}.
     *
     * @param operation the file's name without {@code .sql}
     * @throws IllegalArgumentException if there is no such file
     */
    default String sql(String operation) {
        return SqlFiles.read(getClass(), operation);
    }

    /**
     * {@return what kind of fault this exception is, by its vendor code or SQLState, never by its message}
     *
     * @param e what the driver threw
     */
    Fault fault(SQLException e);

    /**
     * {@return how many rows one statement of {@code append.sql} or {@code import.sql} has at most; mind the server's limit of bind
     * parameters (13 a row)}
     */
    default int rowsPerInsert() {
        return 500;
    }

    /**
     * {@return how many concurrent appends of a store share a statement and a commit at most, 1 to 64, unless {@link
     * StoreOptions#appendsPerCommit} says otherwise} With 1 each has its own.
     */
    default int appendsPerCommit() {
        return 64;
    }

    /**
     * {@return in how many transactions at once a store appends before further appends wait for one of these to end and then share one}
     * More make smaller groups, which is worth it where transactions don't wait for each other.
     */
    default int commitsAtOnce() {
        return 4;
    }

    /**
     * The driver's own connection, below those of pools, on which the store's inserts may stay prepared for its next transactions: for a database
     * where preparing takes long and a driver that keeps no statements itself. The engine keeps a few for each of 32 connections, not in a caller's
     * transaction, and closes one that has failed. It has to be the same object each time, with a cheap {@link Connection#isClosed}.
     *
     * @param connection the engine's; left open
     * @return empty, unless overridden: inserts are prepared each time
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default Optional<Connection> keepsInserts(Connection connection) throws SQLException {
        return Optional.empty();
    }

    /** {@return how the rows of an append are inserted, and how the engine learns their positions} */
    default Insertion insertion() {
        return Insertion.RETURNING;
    }

    /**
     * Called before an insert whose texts have a mebibyte or more: refuses what is more than the server takes in one statement, where the
     * server itself would end the connection.
     *
     * @param connection the engine's; left open
     * @param bytes of its texts in UTF-8, and one for each character that a driver may have to escape
     * @throws SQLException of a kind that is {@link Fault#OTHER}, whose message says what to do
     */
    default void checkSize(Connection connection, long bytes) throws SQLException {}

    /**
     * {@return what {@link java.sql.Statement#setFetchSize} has to be given so that the connection's driver fetches some rows at a time,
     * not the whole result}
     *
     * @param connection the engine's; left open
     * @param rows how many rows the engine would like to have at a time
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default int fetchSize(Connection connection, int rows) throws SQLException {
        return rows;
    }

    /**
     * {@return whether the driver reads a result to its end also if it is closed earlier, so that the engine has to ask for few rows if
     * they are large}
     */
    default boolean readsResultsToTheEnd() {
        return false;
    }

    /**
     * {@return whether the schema itself refuses an event whose position is not above the previous event's, or {@code append.sql} can't draw
     * such a position} Then an append of one statement is sent in auto-commit mode, which saves a round trip; else the engine checks the
     * positions before it commits.
     */
    default boolean refusesDescendingPositions() {
        return false;
    }

    /** {@return how many bind parameters one statement has at most; a selection of more entities and names is refused before it is sent} */
    default int parametersPerStatement() {
        return 30_000;
    }

    /**
     * The isolation level that the store's own transactions need, as {@link Connection} numbers them. The engine sets it where the connection
     * has another one, and puts that back before it gives the connection back.
     *
     * @return {@link Connection#TRANSACTION_NONE}, unless overridden: whatever the connection has will do
     */
    default int isolation() {
        return Connection.TRANSACTION_NONE;
    }

    /**
     * Called for each connection that the store takes from the data source, in auto-commit mode: session settings, except the level, which
     * is {@link #isolation}'s and is put back.
     *
     * @param connection the engine's; left open
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void prepare(Connection connection) throws SQLException {}

    /**
     * As {@link #prepare(Connection)}, which it calls unless overridden: where that one sets how long a statement waits for a lock, no longer
     * than the operation may take.
     *
     * @param connection the engine's; left open
     * @param leftMillis what is left of the operation's time, in milliseconds; {@link Integer#MAX_VALUE} where there is no end
     * @return whether the wait is shorter than {@link #prepare(Connection)} has it; then the engine calls that one before it gives the connection back
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default boolean prepare(Connection connection, int leftMillis) throws SQLException {
        prepare(connection);
        return false;
    }

    /**
     * Called once before the tables are created, in auto-commit mode: settings of the whole database.
     *
     * @param connection the engine's; left open
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void beforeInstall(Connection connection) throws SQLException {}

    /**
     * {@return whether a statement of {@code schema.sql} or of an upgrade failed because what it creates is there: passed over, since an
     * installation may have been interrupted, or another one be under way} It is false unless a dialect overrides it, whose database commits
     * each statement that creates.
     *
     * @param e what the driver threw
     */
    default boolean isAlreadyThere(SQLException e) {
        return false;
    }

    /**
     * Called for each connection whose transaction the store joins, and for one when a store is opened: checks what {@link #prepare} would
     * have set, and what the data source has to.
     *
     * @param connection the engine's; left open
     * @throws SQLException if the connection can't keep the contract; its message says how to mend that
     */
    default void checkSession(Connection connection) throws SQLException {}

    /**
     * {@return whether a transaction that is open on the connection may show a state that is older than the one its inserts are checked
     * against, as snapshots do from REPEATABLE READ on}
     *
     * @param connection the engine's; left open
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default boolean showsAnOldState(Connection connection) throws SQLException {
        return connection.getTransactionIsolation() >= Connection.TRANSACTION_REPEATABLE_READ;
    }

    /**
     * {@return whether the schema may take an event that refers to a row which the transaction's own view hides, as foreign keys do that
     * are checked against the current state} Then the engine looks before it stores in a transaction that {@link #showsAnOldState}.
     */
    default boolean refersToHiddenRows() {
        return true;
    }

    /**
     * Begins a transaction on a connection in auto-commit mode.
     *
     * @param connection the engine's; left open
     * @param writing whether it will insert
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void begin(Connection connection, boolean writing) throws SQLException {
        connection.setAutoCommit(false);
    }

    /**
     * Begins a transaction that others may have to wait for: at READ COMMITTED, and waiting for locks no longer than that or the shortest
     * time that the database knows. Where a client that stopped in the middle could hold others up, the database ends its transaction after
     * a few seconds.
     *
     * @param connection the engine's; left open
     * @param lockMillis the longest wait for a lock, in milliseconds
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void beginBrief(Connection connection, int lockMillis) throws SQLException {
        begin(connection, true);
    }

    /**
     * Called when a transaction that {@link #beginBrief} began has ended, in auto-commit mode: undoes what it has set for the session.
     *
     * @param connection the engine's; left open
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void endBrief(Connection connection) throws SQLException {}

    /**
     * What inserts rows in auto-commit mode, in one round trip, and waits for locks no longer than that or the shortest time that the database
     * knows, which nothing after it does. Statements may come before the insert; if they have results, these are without rows.
     *
     * @param insert {@code append.sql}, filled in
     * @param lockMillis the longest wait for a lock, in milliseconds
     * @return empty, unless overridden: it is sent in a transaction that {@link #beginBrief} begins
     */
    default Optional<String> insertBriefly(String insert, int lockMillis) {
        return Optional.empty();
    }

    /**
     * {@return whether {@link java.sql.Statement#setQueryTimeout} and {@link java.sql.Statement#cancel} have the server itself cancel a statement,
     * which can be told from its answer, so that the engine uses them to keep to the store's timeout} Otherwise a wait in the server ends by the server's own lock timeout, or by the
     * timeout of the connection's socket.
     */
    default boolean cancelsStatements() {
        return false;
    }

    /**
     * For a database that has no lock timeout: after how many whole seconds each statement of a transaction that {@link #beginBrief} began is
     * cancelled instead. {@link #fault} calls that {@link Fault#RETRYABLE}.
     *
     * @param lockMillis as for {@link #beginBrief}
     * @return 0, unless overridden: no statement is cancelled
     */
    default int statementSeconds(int lockMillis) {
        return 0;
    }

    /**
     * What to send in auto-commit mode so that the next query, and no other, also sees what others have not committed. The engine then
     * passes by positions whose writer is open, where a void beside such a row could leave locks that keep the positions below it from
     * being settled.
     *
     * @return empty, unless overridden: the engine doesn't look
     */
    default Optional<String> seeingUncommitted() {
        return Optional.empty();
    }

    /**
     * Rolls a joined transaction back to a savepoint; throws if the transaction is not there any more.
     *
     * @param connection the caller's; left open
     * @param savepoint the engine's
     * @throws SQLException what the driver throws, or why the savepoint is lost
     */
    default void rollback(Connection connection, Savepoint savepoint) throws SQLException {
        connection.rollback(savepoint);
    }

    /**
     * {@return whether a statement failed because the user has no right to it, so that nobody knows what the tables would have said} By the
     * SQL standard's class of SQLState, 42, unless overridden.
     *
     * @param e what the driver threw
     */
    default boolean lacksRights(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("42");
    }

    /**
     * Lets go of a savepoint that is not needed any more, so that they don't pile up in a long transaction.
     *
     * @param connection the engine's; left open
     * @param savepoint one of the open transaction
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void release(Connection connection, Savepoint savepoint) throws SQLException {
        connection.releaseSavepoint(savepoint);
    }

    /**
     * Commits what {@link #begin} began and goes back to auto-commit mode.
     *
     * @param connection the engine's; left open
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void commit(Connection connection) throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    /**
     * Rolls back what {@link #begin} began and goes back to auto-commit mode.
     *
     * @param connection the engine's; left open
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void rollback(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    /**
     * {@return the value that is bound for an id, of a type that the driver's {@code setObject} takes; 16 bytes, most significant first,
     * unless overridden}
     *
     * @param id the id of an event or of a void
     */
    default Object bind(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /**
     * Binds a name or a key; parameters count from 1.
     *
     * @param statement the statement
     * @param parameter its place, from 1
     * @param text a name or key, at most 255 characters
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void bindText(PreparedStatement statement, int parameter, String text) throws SQLException {
        statement.setString(parameter, text);
    }

    /**
     * Binds data or metadata of an event, at most 16 MiB; parameters count from 1.
     *
     * @param statement the statement
     * @param parameter its place, from 1
     * @param json a JSON document, as the client gave it
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default void bind(PreparedStatement statement, int parameter, String json) throws SQLException {
        statement.setString(parameter, json);
    }

    /**
     * {@return the id in a column of the current row, never null: the counterpart of {@link #bind(UUID)}}
     *
     * @param row the result, which stands on a row
     * @param column its place in the row, from 1
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default UUID id(ResultSet row, int column) throws SQLException {
        ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(column));
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    /**
     * {@return the value that is bound for a time, to the microsecond, of a type that the driver's {@code setObject} takes; at offset zero
     * unless overridden}
     *
     * @param time when an imported event was recorded
     */
    default Object bind(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /**
     * {@return the time in a column of the current row, never null: the counterpart of {@link #bind(Instant)}}
     *
     * @param row the result, which stands on a row
     * @param column its place in the row, from 1
     * @throws SQLException what the driver throws; the engine asks {@link #fault} what it means
     */
    default Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
