package io.sqleventstore.lies;

import java.sql.Connection;
import javax.sql.DataSource;

/** Connections that lie. */
final class Connections {
    private Connections() {}

    /** The same connections, with another answer of their method of that name. */
    static DataSource lying(DataSource honest, String method, Lie.Answer<Connection> answer) {
        return Lie.proxy(DataSource.class, honest, (it, called, arguments) -> {
            Object result = called.invoke(it, arguments);
            return result instanceof Connection connection ? lying(connection, method, answer) : result;
        });
    }

    private static Connection lying(Connection honest, String method, Lie.Answer<Connection> answer) {
        return Lie.proxy(
                Connection.class,
                honest,
                (it, called, arguments) -> called.getName().equals(method)
                        ? answer.to(it, called, arguments)
                        : called.invoke(it, arguments));
    }
}
