package io.sqleventstore.torture;

import io.sqleventstore.torture.FinalLedger.Fact;
import io.sqleventstore.torture.Note.Began;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Ended;
import io.sqleventstore.torture.Note.Fresh;
import io.sqleventstore.torture.Note.Planned;
import io.sqleventstore.torture.Note.Spot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A history that is made up, and the ledger that belongs to it; both can be doctored. */
final class Story {
    final List<Note> calls = new ArrayList<>();
    final List<Note> tail = new ArrayList<>();
    final List<Fact> facts = new ArrayList<>();
    final List<Long> voids = new ArrayList<>();
    private final Map<String, Fact> heads = new HashMap<>();
    private final Map<String, List<Planned>> planned = new HashMap<>();
    private long time;
    private long attempt;
    private long position;
    private long ids;

    /**
     * What a run under faults looks like: appends of one event and several, a retry, a refusal, a lost answer that was stored and one that was
     * not, a process that died, a void, a replay in the middle, a new append when all is calm, and a tail of everything.
     */
    static Story honest() {
        Story story = new Story();
        story.append("first", "game", 1, Outcome.STORED);
        story.append("several", "player", 3, Outcome.STORED);
        story.repeat("several");
        story.voids.add(++story.position);
        story.append("lost answer", "game", 1, Outcome.UNKNOWN);
        story.repeat("lost answer");
        story.refuse("stale", "game", 1);
        story.replay(1);
        story.plan("lost request", "player", 1);
        story.attempt("lost request", Outcome.UNKNOWN);
        story.plan("nothing", "player", 1);
        story.attempt("nothing", Outcome.NOTHING);
        story.append("died", "player", 2, Outcome.STORED);
        story.calls.remove(story.calls.size() - 1); // its end
        story.append("last", "game", 2, Outcome.STORED);
        story.replay(2);
        story.fresh("fresh");
        story.append("fresh", "own", 1, Outcome.STORED);
        story.follow();
        return story;
    }

    long now() {
        return ++time;
    }

    /** What an append is to store, after the entity's head. */
    List<Planned> plan(String key, String entity, int events) {
        Fact head = heads.get(entity);
        long revision = head == null ? 0 : head.revision();
        List<Planned> all = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            UUID previous = i == 0 && head != null ? head.id() : null;
            UUID id = i == 1 ? null : new UUID(7, ++ids); // one that the store chooses
            all.add(new Planned(entity, revision + 1 + i, previous, id, "happened", Digest.of(key + i)));
        }
        planned.put(key, all);
        return all;
    }

    /** An append that is stored, whatever its client knows. */
    void append(String key, String entity, int events, Outcome outcome) {
        plan(key, entity, events);
        long began = begin(key);
        store(key);
        end(began, outcome, false, outcome == Outcome.STORED ? spots(key) : List.of());
    }

    /** Puts what was planned into the ledger. */
    void store(String key) {
        List<Planned> all = planned.get(key);
        for (int i = 0; i < all.size(); i++) {
            Planned event = all.get(i);
            Fact head = heads.get(event.entity());
            Fact fact = new Fact(
                    ++position,
                    event.id() == null ? new UUID(4, position) : event.id(),
                    event.entity(),
                    event.revision(),
                    head == null ? null : head.id(),
                    event.name(),
                    key,
                    i,
                    event.content(),
                    i == 0 ? null : Digest.of("metadata"));
            facts.add(fact);
            heads.put(event.entity(), fact);
        }
    }

    void repeat(String key) {
        end(begin(key), Outcome.STORED, true, spots(key));
    }

    void attempt(String key, Outcome outcome) {
        end(begin(key), outcome, false, List.of());
    }

    /** An append that comes too late, by so many revisions. */
    void refuse(String key, String entity, int late) {
        Fact head = heads.get(entity);
        Fact before = facts.stream()
                .filter(fact -> fact.entity().equals(entity) && fact.revision() == head.revision() - late)
                .findFirst()
                .orElse(null);
        UUID previous = before == null ? null : before.id();
        planned.put(
                key,
                List.of(new Planned(
                        entity, head.revision() - late + 1, previous, new UUID(7, ++ids), "happened", Digest.of(key))));
        calls.add(new Ended(
                begin(key),
                now(),
                Outcome.REFUSED,
                false,
                List.of(new Spot(head.position(), head.revision(), head.id())),
                Clerk.STALE));
    }

    /** From here on all is calm for that append. */
    void fresh(String key) {
        calls.add(new Fresh(now(), key));
    }

    long begin(String key) {
        calls.add(new Began(++attempt, now(), key, planned.get(key)));
        return attempt;
    }

    void end(long began, Outcome outcome, boolean repeated, List<Spot> spots) {
        calls.add(new Ended(began, now(), outcome, repeated, spots, ""));
    }

    List<Spot> spots(String key) {
        return facts.stream()
                .filter(fact -> fact.key().equals(key))
                .map(fact -> new Spot(fact.position(), fact.revision(), fact.id()))
                .toList();
    }

    void replay(long from) {
        replay(from, position);
    }

    /** A replay that ends there. */
    void replay(long from, long to) {
        long began = now();
        Digest.Reading reading = new Digest.Reading(from);
        facts.stream()
                .filter(fact -> fact.position() >= from && fact.position() <= to)
                .forEach(reading::add);
        calls.add(reading.ended(began, now()));
    }

    void follow() {
        facts.forEach(this::deliver);
    }

    void deliver(Fact fact) {
        Spot spot = new Spot(fact.position(), fact.revision(), fact.id());
        tail.add(new Delivered(now(), List.of(spot), List.of(fact.digest().high()), ""));
    }

    List<Violation> check() {
        return check(Set.of());
    }

    /** Where the database may refuse that. */
    List<Violation> check(Set<String> expected) {
        History history = new History();
        history.add(calls, "tail", tail);
        return Checker.check(history, new FinalLedger(facts, voids), expected);
    }
}
