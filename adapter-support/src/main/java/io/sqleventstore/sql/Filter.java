package io.sqleventstore.sql;

import io.sqleventstore.Selection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A selection's entities and names as a condition with bind parameters. */
final class Filter {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final String sql;
    private final boolean ofKeysOnly;

    Filter(Selection selection) {
        StringBuilder condition = new StringBuilder();
        if (!selection.entities().isEmpty()) {
            List<String> each = new ArrayList<>();
            selection.entities().forEach((name, keys) -> each.add(entity(name, keys)));
            condition.append(" AND (").append(String.join(" OR ", each)).append(')');
        }
        if (!selection.names().isEmpty()) {
            condition.append(" AND event").append(in(selection.names()));
        }
        sql = condition.toString();
        ofKeysOnly = !selection.entities().isEmpty()
                && selection.entities().values().stream().noneMatch(Collection::isEmpty);
    }

    /** Whether all that is selected is of certain entities, so that the index of their revisions finds it. */
    boolean isOfKeysOnly() {
        return ofKeysOnly;
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
        return keys.isEmpty() ? condition : "(" + condition + " AND entity_key" + in(keys) + ")";
    }

    private String in(Collection<String> wanted) {
        return " IN (" + String.join(", ", wanted.stream().map(this::parameter).toList()) + ")";
    }

    private String parameter(String value) {
        String name = "f" + values.size();
        values.put(name, value);
        return ":" + name;
    }
}
