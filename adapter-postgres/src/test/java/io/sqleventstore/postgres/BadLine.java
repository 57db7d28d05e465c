package io.sqleventstore.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;

/** A server's real connections with somebody in the line, who sees each call on them and on their prepared statements, and makes it or does something worse. */
final class BadLine {
    private BadLine() {}

    /** Hands out a connection. */
    interface Source {
        Connection connection() throws SQLException;
    }

    /** What is to happen at a call. */
    interface Meddler {
        /** Makes the call ({@link Call#proceed}), or not. */
        Object at(Call call) throws Throwable;
    }

    /**
     * A call that is about to be made.
     *
     * @param connection the real connection it is made on
     * @param target that, or a prepared statement of it
     * @param sql the prepared statement's, or empty
     */
    record Call(Connection connection, Object target, String sql, Method method, List<Object> arguments) {
        /** Makes the call. */
        Object proceed() throws Throwable {
            try {
                return method.invoke(target, arguments.toArray());
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        /** Whether it is one of that name on the connection itself. */
        boolean is(String name) {
            return target instanceof Connection && method.getName().equals(name);
        }

        boolean executes() {
            return target instanceof PreparedStatement && method.getName().startsWith("execute");
        }

        boolean inserts() {
            return executes() && sql.startsWith("INSERT INTO");
        }

        boolean returnsNothing() {
            return method.getReturnType() == void.class;
        }
    }

    /** Connections from there with that meddler in the line. */
    static DataSource over(Source source, Meddler meddler) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                throw new UnsupportedOperationException(method.toString());
            }
            Connection real = source.connection();
            return watched(Connection.class, real, real, "", meddler);
        };
        return (DataSource)
                Proxy.newProxyInstance(BadLine.class.getClassLoader(), new Class<?>[] {DataSource.class}, handler);
    }

    private static Object watched(Class<?> type, Object real, Connection connection, String sql, Meddler meddler) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            List<Object> given = arguments == null ? List.of() : Arrays.asList(arguments);
            Object result = meddler.at(new Call(connection, real, sql, method, given));
            return result instanceof PreparedStatement
                    ? watched(PreparedStatement.class, result, connection, String.valueOf(given.get(0)), meddler)
                    : result;
        };
        return Proxy.newProxyInstance(BadLine.class.getClassLoader(), new Class<?>[] {type}, handler);
    }
}
