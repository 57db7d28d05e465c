package com.example.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.EventStore;
import io.sqleventstore.Selection;
import io.sqleventstore.StoredEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Reads the whole ledger back and checks the rules, without any code of the application's. */
final class Audit {
    private final Map<String, String> members = new TreeMap<>();
    private final Map<String, Set<String>> copies = new HashMap<>();

    private Audit() {}

    /** Who has which copy, by copy. */
    static Map<String, String> of(EventStore store) {
        Audit audit = new Audit();
        store.replay(Selection.all()).forEach(audit::check);
        Map<String, String> asTheMembersTell = new TreeMap<>();
        audit.copies.forEach((member, its) -> its.forEach(copy -> asTheMembersTell.put(copy, member)));
        assertThat(asTheMembersTell).isEqualTo(audit.members);
        return audit.members;
    }

    private void check(StoredEvent event) {
        String key = event.entity().key();
        String other =
                JsonMapper.shared().readTree(event.data()).iterator().next().asString();
        Set<String> its = copies.computeIfAbsent(key, member -> new HashSet<>());
        switch (event.name()) {
            case "lent" ->
                assertThat(members.put(key, other)).as("who had " + key).isNull();
            case "returned" ->
                assertThat(members.remove(key)).as("who had " + key).isEqualTo(other);
            case "borrowed" ->
                assertThat(its.add(other) ? its : Set.of())
                        .as("what " + key + " has")
                        .hasSizeBetween(1, 3);
            case "brought-back" ->
                assertThat(its.remove(other)).as(key + " had " + other).isTrue();
            default -> throw new AssertionError(event);
        }
    }
}
