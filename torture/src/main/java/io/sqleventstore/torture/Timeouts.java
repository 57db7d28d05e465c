package io.sqleventstore.torture;

import java.util.Map;

/**
 * A network that falls silent tells nobody. No client can know of it but by a timeout of its own, and no driver has one unless it is told;
 * these are the parameters that every application should set, with longer times.
 */
final class Timeouts {
    private static final Map<String, String> PARAMETERS = Map.of(
            "postgresql", "socketTimeout=8&connectTimeout=3&loginTimeout=3",
            "mysql", "socketTimeout=8000&connectTimeout=3000",
            "mariadb", "socketTimeout=8000&connectTimeout=3000",
            "sqlserver", "socketTimeout=8000;loginTimeout=3",
            "oracle", "oracle.jdbc.ReadTimeout=8000");

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
