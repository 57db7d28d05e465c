package io.sqleventstore.benchmarks;

import io.sqleventstore.sql.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Asks a server how it would run a query. */
final class Explainer {
    private static final Pattern PARAMETER = Pattern.compile("\\?");

    private final Dialect dialect;

    Explainer(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * A line for each step of the plan, for each way in which the server may plan the query: with these values, and where it has that, with any.
     */
    List<String> plan(Connection connection, String sql, List<Object> values) throws SQLException {
        List<String> lines = explained(connection, prefix() + sql, values);
        if (dialect.name().equals("postgres")) {
            lines.addAll(generic(connection, sql, values));
        }
        return lines;
    }

    private String prefix() {
        return switch (dialect.name()) {
            case "sqlite" -> "EXPLAIN QUERY PLAN ";
            case "postgres" -> "EXPLAIN ";
            default -> "EXPLAIN FORMAT = TRADITIONAL ";
        };
    }

    private List<String> explained(Connection connection, String sql, List<Object> values) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                query.setObject(i + 1, value instanceof UUID id ? dialect.bind(id) : value);
            }
            try (ResultSet row = query.executeQuery()) {
                return lines(row);
            }
        }
    }

    /** What PostgreSQL does with a statement that was prepared and has run five times, if it thinks that this is as good. */
    private static List<String> generic(Connection connection, String sql, List<Object> values) throws SQLException {
        int[] number = {0};
        String numbered = PARAMETER.matcher(sql).replaceAll(match -> "\\$" + ++number[0]);
        String list = values.isEmpty()
                ? ""
                : values.stream()
                        .map(value -> value instanceof Long ? "" + value : "'" + value + "'")
                        .collect(Collectors.joining(", ", "(", ")"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = force_generic_plan");
            statement.execute("PREPARE explained AS " + numbered);
            try (ResultSet row = statement.executeQuery("EXPLAIN EXECUTE explained" + list)) {
                return lines(row);
            } finally {
                statement.execute("DEALLOCATE explained");
                statement.execute("RESET plan_cache_mode");
            }
        }
    }

    /** Columns by name where there are several. */
    private static List<String> lines(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        List<String> lines = new ArrayList<>();
        while (row.next()) {
            List<String> fields = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                if (row.getString(i) != null) {
                    fields.add(columns.getColumnLabel(i).toLowerCase(Locale.ROOT) + "=" + row.getString(i));
                }
            }
            lines.add(String.join(" ", fields));
        }
        return lines;
    }
}
