package io.sqleventstore.torture;

import java.util.Map;

/**
 * A network that falls silent tells nobody. The store has a timeout of its own, which is shorter than these; a pool that connects, and a client in
 * a transaction of its own, have none unless the driver is told. These are the parameters that every application should set, with longer times.
 */
final class Timeouts {
    private static final Map<String, String> PARAMETERS = Map.of(
            "postgresql", "socketTimeout=10&connectTimeout=3&loginTimeout=3",
            "mysql", "socketTimeout=10000&connectTimeout=3000",
            "mariadb", "socketTimeout=10000&connectTimeout=3000",
            "sqlserver", "socketTimeout=10000;loginTimeout=3",
            "oracle", "oracle.jdbc.ReadTimeout=10000");

    private Timeouts() {}

    /** That URL with timeouts; as it is if its driver needs none. */
    static String in(String jdbcUrl) {
        String parameters = PARAMETERS.get(jdbcUrl.replaceFirst("^jdbc:(\\w+):.*$", "$1"));
        if (parameters == null) {
            return jdbcUrl;
        }
        String separator = jdbcUrl.startsWith("jdbc:sqlserver:") ? ";" : jdbcUrl.contains("?") ? "&" : "?";
        return jdbcUrl + separator + parameters;
    }
}
