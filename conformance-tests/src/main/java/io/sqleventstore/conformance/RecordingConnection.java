package io.sqleventstore.conformance;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes the statements that it is given and does nothing. Each query is answered by one row of a number that is chosen beforehand. */
final class RecordingConnection {
    private final int answer;
    private final List<String> sent = new ArrayList<>();

    RecordingConnection(int answer) {
        this.answer = answer;
    }

    /** What is done with a connection. */
    interface Use {
        void of(Connection connection) throws SQLException;
    }

    /** What was sent until the end, or until the user did not like the answer. */
    List<String> sentBy(Use user) {
        try {
            user.of(connection());
        } catch (SQLException e) {
            return sent;
        }
        return sent;
    }

    private Connection connection() {
        return proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "createStatement" -> statement(Statement.class);
            case "prepareStatement" -> {
                note(arguments);
                yield statement(PreparedStatement.class);
            }
            default -> plain(method);
        });
    }

    private <T extends Statement> T statement(Class<T> type) {
        return proxy(type, (proxy, method, arguments) -> {
            if (method.getName().startsWith("execute") || method.getName().equals("addBatch")) {
                note(arguments);
            }
            return method.getReturnType() == ResultSet.class ? row() : plain(method);
        });
    }

    private void note(Object @Nullable [] arguments) {
        if (arguments != null && arguments.length > 0) {
            sent.add((String) arguments[0]);
        }
    }

    private ResultSet row() {
        boolean[] read = new boolean[1];
        return proxy(ResultSet.class, (proxy, method, arguments) -> {
            if (method.getName().equals("next")) {
                boolean first = !read[0];
                read[0] = true;
                return first;
            }
            return plain(method);
        });
    }

    /** The answer, as whatever the method returns. */
    private @Nullable Object plain(Method method) {
        Class<?> type = method.getReturnType();
        if (type == int.class) {
            return answer;
        } else if (type == long.class) {
            return (long) answer;
        } else if (type == boolean.class) {
            return answer != 0;
        }
        return type == String.class ? String.valueOf(answer) : null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
