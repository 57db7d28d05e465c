package io.sqleventstore.conformance;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the store and a real database, and lets a test see, fail or falsify every single call: on the data source,
 * its connections, their statements and result sets.
 */
final class Tampering {
    private static final Set<Class<?>> WATCHED = Set.of(
            Connection.class,
            Statement.class,
            PreparedStatement.class,
            CallableStatement.class,
            ResultSet.class,
            DatabaseMetaData.class);

    private Tampering() {}

    /** What is known of one connection. */
    private static final class Line {
        private boolean begun;
    }

    /** What is to happen at a call. */
    interface Tamper {
        /** Does the call ({@link Call#proceed}), or something worse. */
        @Nullable
        Object at(Call call) throws Throwable;
    }

    /**
     * A call that is about to be made.
     *
     * @param connection the real connection it is made on; null if it asks the data source for one
     * @param line what is known of that connection
     * @param prepared the SQL of the prepared statement it is made on, or empty
     */
    record Call(
            @Nullable Connection connection,
            Object target,
            Method method,
            List<@Nullable Object> arguments,
            Line line,
            String prepared) {
        /** Makes the call. */
        @Nullable
        Object proceed() throws Throwable {
            try {
                Object result = method.invoke(target, arguments.toArray());
                note();
                return result;
            } catch (InvocationTargetException e) {
                throw requireNonNull(e.getCause());
            }
        }

        String name() {
            return method.getName();
        }

        /** Whether it asks the data source for a connection. */
        boolean connects() {
            return target instanceof DataSource;
        }

        /** Whether it may fail by the rules of JDBC. */
        boolean mayFail() {
            return List.of(method.getExceptionTypes()).contains(SQLException.class);
        }

        /**
         * Whether it commits: by JDBC's own method, by a statement, as SQLite's driver needs it, or as an insert that is a transaction by
         * itself.
         */
        boolean commits() throws SQLException {
            if (!name().startsWith("execute")) {
                return name().equals("commit") && target instanceof Connection;
            }
            return sql().equals("COMMIT")
                    || (inserts() && connection != null && connection.getAutoCommit() && !line.begun);
        }

        /** Whether it executes an insert. */
        boolean inserts() {
            return name().startsWith("execute")
                    && sql().contains(
                                    "INSERT INTO"); // something around it may limit its waits, or return the positions
        }

        /** The SQL that an executing call executes, in upper case. */
        private String sql() {
            String sql = !arguments.isEmpty() && arguments.get(0) instanceof String given ? given : prepared;
            return sql.strip().toUpperCase(Locale.ROOT);
        }

        /** Notes what the call has done to the connection: whether a statement began a transaction, or ended it. */
        private void note() {
            if (name().startsWith("execute")) {
                line.begun = sql().startsWith("BEGIN")
                        || sql().startsWith("START TRANSACTION")
                        || (line.begun && !sql().equals("COMMIT") && !sql().equals("ROLLBACK"));
            }
        }

        /** Ends the real connection (SQLite's driver doesn't); what was not committed is rolled back, and what was set for its session goes with it. */
        void cut() throws SQLException {
            Connection real = requireNonNull(connection);
            if (line.begun) { // by a statement
                execute(real, "ROLLBACK");
            } else if (!real.getAutoCommit()) {
                real.rollback();
            }
            real.abort(Runnable::run);
            try (Connection ended = real) {
                execute(ended, "SELECT 1");
            } catch (SQLException e) {
                // by which its pool learns that it has ended
            }
        }

        private static void execute(Connection connection, String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    /** The data source with somebody in the line. */
    static DataSource with(DataSource real, Tamper tamper) {
        return (DataSource) proxy(DataSource.class, real, null, tamper, new Line(), "");
    }

    /** What a driver throws when the connection is gone. */
    static SQLException connectionLost() {
        return new SQLNonTransientConnectionException("the connection is gone (on purpose)", "08006");
    }

    private static Object proxy(
            Class<?> type, Object real, @Nullable Connection connection, Tamper tamper, Line line, String prepared) {
        return Proxy.newProxyInstance(
                Tampering.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Call call = new Call(connection, real, method, listOf(arguments), line, prepared);
                    if (method.getDeclaringClass() == Object.class) {
                        return call.proceed();
                    }
                    if (method.getName().equals("isWrapperFor")) {
                        return false; // nobody gets past
                    }
                    Object result = tamper.at(call);
                    if (result == null || !WATCHED.contains(method.getReturnType())) {
                        return result;
                    }
                    boolean connects = result instanceof Connection;
                    boolean prepares = result instanceof PreparedStatement;
                    return proxy(
                            method.getReturnType(),
                            result,
                            connects ? (Connection) result : connection,
                            tamper,
                            connects ? new Line() : line,
                            prepares ? String.valueOf(call.arguments().get(0)) : "");
                });
    }

    private static List<@Nullable Object> listOf(@Nullable Object @Nullable [] arguments) {
        return arguments == null ? List.of() : java.util.Arrays.asList(arguments);
    }
}
