package io.sqleventstore.torture;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a JDBC URL says that its server is.
 *
 * @param host name or address
 * @param port of TCP
 */
record Address(String host, int port) {
    private static final Pattern IN_URL =
            Pattern.compile("(?<=//|@)([\\w.-]+|\\[[0-9a-fA-F:]+])(:(\\d+))?(?=[/?;:,]|$)");

    private static final Map<String, Integer> PORTS =
            Map.of("postgresql", 5432, "mysql", 3306, "mariadb", 3306, "sqlserver", 1433, "oracle", 1521);

    /** Of that URL; empty if it names no server, as SQLite's doesn't. */
    static Optional<Address> of(String jdbcUrl) {
        Matcher found = IN_URL.matcher(jdbcUrl);
        Integer usual = PORTS.get(protocol(jdbcUrl));
        if (usual == null || !found.find()) {
            return Optional.empty();
        }
        int port = found.group(3) == null ? usual : Integer.parseInt(found.group(3));
        return Optional.of(new Address(found.group(1), port));
    }

    /** Whether a URL of that kind has to name a server. */
    static boolean isOfServer(String jdbcUrl) {
        return PORTS.containsKey(protocol(jdbcUrl));
    }

    private static String protocol(String jdbcUrl) {
        return jdbcUrl.replaceFirst("^jdbc:(\\w+):.*$", "$1");
    }

    /** The URL with a port of this machine in place of the server's address. */
    static String through(String jdbcUrl, int port) {
        return IN_URL.matcher(jdbcUrl).replaceFirst("127.0.0.1:" + port);
    }
}
