package io.sqleventstore.lies;

import io.sqleventstore.EventStore;
import io.sqleventstore.conformance.StoreUnderTest;
import io.sqleventstore.sql.Dialect;
import io.sqleventstore.sql.SqlEventStore;
import io.sqleventstore.sql.StoreOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * An event store that does one wrong thing which stores have done in real life, and is honest otherwise.
 *
 * @param name what it does wrong, as in {@code docs/lying-stores.md}
 * @param on the database that it is tried on
 * @param dialect where the lie is in the SQL, the schema or the meaning of an error
 * @param connections where the lie is in the connections, also those of transactions that the store joins
 * @param decorator where the lie is around the store
 */
record Lie(
        String name,
        On on,
        UnaryOperator<Dialect> dialect,
        UnaryOperator<DataSource> connections,
        Decorator decorator) {
    /** What lies around a store. */
    interface Decorator {
        /**
         * A store that lies.
         *
         * @param honest the store, or the one that has joined a transaction
         * @param opened what it was opened with
         */
        EventStore around(EventStore honest, Opened opened);
    }

    /** A store and what it was opened with. */
    record Opened(SqlEventStore store, DataSource dataSource, StoreOptions options) {
        /** The name of one of its tables, for SQL. */
        String table(String name) {
            return (options.schema().isEmpty() ? "" : options.schema() + ".") + options.prefix() + name;
        }
    }

    /** A store that does nothing wrong yet. */
    static Lie on(On database, String name) {
        return new Lie(name, database, UnaryOperator.identity(), UnaryOperator.identity(), (honest, opened) -> honest);
    }

    /** With that around the store, on top of the rest. */
    Lie store(Decorator lying) {
        return new Lie(
                name,
                on,
                dialect,
                connections,
                (honest, opened) -> lying.around(decorator.around(honest, opened), opened));
    }

    /** With that around the store, on top of the rest. */
    Lie store(UnaryOperator<EventStore> lying) {
        return store((honest, opened) -> lying.apply(honest));
    }

    /** With these words of an operation's SQL replaced. */
    Lie sql(String operation, String words, String replacement) {
        return dialect("sql", (honest, method, arguments) -> {
            String sql = (String) method.invoke(honest, arguments);
            return arguments[0].equals(operation) ? replace(sql, words, replacement) : sql;
        });
    }

    private static String replace(String sql, String words, String replacement) {
        if (!sql.contains(words)) {
            throw new IllegalStateException("This lie is none: there is no '" + words + "' in\n" + sql);
        }
        return sql.replace(words, replacement);
    }

    /** With another answer of the dialect's method of that name. */
    Lie dialect(String method, Answer<Dialect> answer) {
        return new Lie(
                name,
                on,
                honest -> proxy(
                        Dialect.class,
                        dialect.apply(honest),
                        (it, called, arguments) -> called.getName().equals(method)
                                ? answer.to(it, called, arguments)
                                : called.invoke(it, arguments)),
                connections,
                decorator);
    }

    /** With another answer of the connections' method of that name. */
    Lie connection(String method, Answer<Connection> answer) {
        return new Lie(
                name, on, dialect, honest -> Connections.lying(connections.apply(honest), method, answer), decorator);
    }

    /** What a call is answered. */
    interface Answer<T> {
        /** Answers the call; {@code method.invoke(honest, arguments)} is the honest answer. */
        Object to(T honest, Method method, Object[] arguments) throws Throwable;
    }

    /** An object that is asked in place of an honest one. */
    static <T> T proxy(Class<T> type, T honest, Answer<? super T> answer) {
        return type.cast(Proxy.newProxyInstance(
                Lie.class.getClassLoader(), new Class<?>[] {type, AutoCloseable.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isWrapperFor")) {
                        return false; // nobody gets past the lie
                    }
                    try {
                        return answer.to(honest, method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** The lying store. */
    StoreUnderTest open(DataSource dataSource, Dialect lying, StoreOptions options) {
        SqlEventStore store = SqlEventStore.open(dataSource, lying, options);
        Opened opened = new Opened(store, dataSource, options);
        return new StoreUnderTest(store, honest -> decorator.around(honest, opened));
    }
}
