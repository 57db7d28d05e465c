package io.sqleventstore.sql;

import io.sqleventstore.Selection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A selection's entities and names as a condition with bind parameters. */
final class Filter {
    private static final int VALUES_PER_LIST = 1_000;

    private final Map<String, String> values = new LinkedHashMap<>();
    private final String sql;

    Filter(Selection selection) {
        StringBuilder condition = new StringBuilder();
        if (!selection.entities().isEmpty()) {
            List<String> each = new ArrayList<>();
            selection.entities().forEach((name, keys) -> each.add(entity(name, keys)));
            condition.append(" AND (").append(String.join(" OR ", each)).append(')');
        }
        if (!selection.names().isEmpty()) {
            condition.append(" AND ").append(in("event", selection.names()));
        }
        sql = condition.toString();
    }

    /** Begins with {@code AND}, or is empty. */
    String sql() {
        return sql;
    }

    /** The bind parameters by name. */
    Map<String, String> values() {
        return values;
    }

    private String entity(String name, Collection<String> keys) {
        String condition = "entity = " + parameter(name);
        return keys.isEmpty() ? condition : "(" + condition + " AND " + in("entity_key", keys) + ")";
    }

    /** In lists of so many values as every database takes. */
    private String in(String column, Collection<String> wanted) {
        List<String> parameters = wanted.stream().map(this::parameter).toList();
        List<String> lists = new ArrayList<>();
        for (int from = 0; from < parameters.size(); from += VALUES_PER_LIST) {
            List<String> some = parameters.subList(from, Math.min(parameters.size(), from + VALUES_PER_LIST));
            lists.add(column + " IN (" + String.join(", ", some) + ")");
        }
        return lists.size() == 1 ? lists.get(0) : "(" + String.join(" OR ", lists) + ")";
    }

    private String parameter(String value) {
        String name = "f" + values.size();
        values.put(name, value);
        return ":" + name;
    }
}
