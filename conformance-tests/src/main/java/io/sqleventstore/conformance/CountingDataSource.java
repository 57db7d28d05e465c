package io.sqleventstore.conformance;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Counts the connections that are out. */
final class CountingDataSource implements DataSource {
    private final DataSource real;
    private final AtomicInteger open = new AtomicInteger();
    private final ThreadLocal<AtomicInteger> ofThisThread = ThreadLocal.withInitial(AtomicInteger::new);
    private final AtomicInteger mostOfOneThread = new AtomicInteger();

    CountingDataSource(DataSource real) {
        this.real = real;
    }

    /** How many connections are out. */
    int open() {
        return open.get();
    }

    /** How many connections a thread has ever had out at once. */
    int mostOfOneThread() {
        return mostOfOneThread.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return count(real.getConnection());
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return count(real.getConnection(username, password));
    }

    private Connection count(Connection connection) {
        open.incrementAndGet();
        AtomicInteger ofItsThread = ofThisThread.get();
        mostOfOneThread.accumulateAndGet(ofItsThread.incrementAndGet(), Math::max);
        AtomicBoolean closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                CountingDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close") && closed.compareAndSet(false, true)) {
                        open.decrementAndGet();
                        ofItsThread.decrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return real.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        real.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        real.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return real.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws java.sql.SQLFeatureNotSupportedException {
        return real.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
