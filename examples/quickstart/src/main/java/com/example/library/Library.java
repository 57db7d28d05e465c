package com.example.library;

import io.sqleventstore.Append;
import io.sqleventstore.AppendResult;
import io.sqleventstore.Entity;
import io.sqleventstore.EntityType;
import io.sqleventstore.EventStore;
import io.sqleventstore.History;
import io.sqleventstore.NewEvent;
import io.sqleventstore.StaleAppend;
import io.sqleventstore.StoredEvent;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules: a copy is lent to one member at a time, and a member has three copies at most.
 *
 * <p>The first is a rule of the copy, the second one of the member. So a loan is an event of each, in one append after the two heads that
 * were judged: if either has moved on since, the store refuses both, and the rules are judged again. Nothing is locked meanwhile. Safe for
 * use by many threads, and by many processes on one database.
 *
 * <p>A command has an id, which is the append's key: who doesn't know whether a command was done repeats it with its id.
 */
public final class Library {
    static final String COPY = "book-copy";
    static final String MEMBER = "member";
    private static final int MOST_LOANS = 3;

    private final EventStore store;

    public Library(EventStore store) {
        this.store = store;
        store.register(EntityType.of(COPY, "lent", "returned"), EntityType.of(MEMBER, "borrowed", "brought-back"));
    }

    /**
     * Lends the copy to the member.
     *
     * @throws Refused if the copy is on loan or the member has three already
     */
    public AppendResult lend(String commandId, String copy, String member) {
        return append(() -> {
            History ofCopy = store.replay(Entity.of(COPY, copy));
            History ofMember = store.replay(Entity.of(MEMBER, member));
            if (!isDone(commandId, ofCopy, ofMember)) {
                require(!isLent(ofCopy), copy + " is on loan.");
                require(loans(ofMember) < MOST_LOANS, member + " has " + MOST_LOANS + " copies already.");
            }
            return ofCopy.append(event("lent", MEMBER, member))
                    .and(ofMember.append(event("borrowed", COPY, copy)))
                    .withKey(commandId);
        });
    }

    /**
     * Takes the copy back from the member.
     *
     * @throws Refused if the member doesn't have it
     */
    public AppendResult takeBack(String commandId, String copy, String member) {
        return append(() -> {
            History ofCopy = store.replay(Entity.of(COPY, copy));
            History ofMember = store.replay(Entity.of(MEMBER, member));
            if (!isDone(commandId, ofCopy, ofMember)) {
                require(
                        isLent(ofCopy) && member.equals(memberOf(last(ofCopy))),
                        member + " doesn't have " + copy + ".");
            }
            return ofCopy.append(event("returned", MEMBER, member))
                    .and(ofMember.append(event("brought-back", COPY, copy)))
                    .withKey(commandId);
        });
    }

    /** Each time that somebody else was faster there is something new to judge by, so this ends. */
    private AppendResult append(Supplier<Append> decision) {
        while (true) {
            try {
                return store.append(decision.get());
            } catch (StaleAppend e) {
                // the copy or the member has moved on since it was judged: judge again
            }
        }
    }

    /** A command that was done is not judged again, by what it has itself brought about; the store finds out that it has it. */
    private static boolean isDone(String commandId, History... histories) {
        return Stream.of(histories)
                .flatMap(history -> history.events().stream())
                .anyMatch(event -> event.appendKey().equals(commandId));
    }

    private static void require(boolean allowed, String rule) {
        if (!allowed) {
            throw new Refused(rule);
        }
    }

    private static boolean isLent(History copy) {
        return !copy.events().isEmpty() && last(copy).name().equals("lent");
    }

    private static StoredEvent last(History history) {
        List<StoredEvent> events = history.events();
        return events.get(events.size() - 1);
    }

    private static int loans(History member) {
        return member.events().stream()
                .mapToInt(event -> event.name().equals("borrowed") ? 1 : -1)
                .sum();
    }

    private static NewEvent event(String name, String property, String value) {
        return NewEvent.of(name, JsonMapper.shared().writeValueAsString(Map.of(property, value)));
    }

    /** Whom a copy was lent to, or who returned it. */
    static String memberOf(StoredEvent event) {
        return JsonMapper.shared().readTree(event.data()).get(MEMBER).asString();
    }
}
