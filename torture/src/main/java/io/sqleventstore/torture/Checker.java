package io.sqleventstore.torture;

import static java.util.stream.Collectors.groupingBy;

import io.sqleventstore.torture.FinalLedger.Fact;
import io.sqleventstore.torture.History.Attempt;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Planned;
import io.sqleventstore.torture.Note.Replayed;
import io.sqleventstore.torture.Note.Spot;
import io.sqleventstore.torture.Violation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says from a history and the final ledger alone whether the store kept what it promises. It knows nothing of how the store works: an
 * append is one operation on the entities that it names, identified by its key; the ledger is the order in which operations took effect; and
 * that order has to agree with real time (linearizability: M. P. Herlihy and J. M. Wing, "Linearizability: A Correctness Condition for
 * Concurrent Objects", 1990). Because every operation that took effect is in the ledger, with its place, no search is needed.
 */
final class Checker {
    private static final int EXAMPLES = 20;

    private final History history;
    private final FinalLedger ledger;
    private final Map<String, List<Attempt>> attempts;
    private final Map<String, List<Fact>> stored;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<Rule, Integer> counts = new HashMap<>();

    private Checker(History history, FinalLedger ledger) {
        this.history = history;
        this.ledger = ledger;
        this.attempts = history.attempts().stream().collect(groupingBy(Attempt::key, LinkedHashMap::new, toOrdered()));
        this.stored = ledger.facts().stream().collect(groupingBy(Fact::key));
    }

    private static java.util.stream.Collector<Attempt, ?, List<Attempt>> toOrdered() {
        return java.util.stream.Collectors.collectingAndThen(java.util.stream.Collectors.toList(), list -> {
            list.sort(Comparator.comparingLong(Attempt::began));
            return list;
        });
    }

    /** What is wrong, {@value #EXAMPLES} examples of each rule at most; empty if nothing is. */
    static List<Violation> check(History history, FinalLedger ledger) {
        Checker checker = new Checker(history, ledger);
        checker.check();
        return checker.violations;
    }

    private void check() {
        attempts.forEach(this::append);
        stored.keySet().stream()
                .filter(key -> !attempts.containsKey(key))
                .forEach(key ->
                        wrong(Rule.INVENTED, "append %s is in the ledger, and nobody has tried it".formatted(key)));
        lines();
        positions();
        realTime();
        staleness();
        history.replays().forEach(this::replay);
        history.tails().forEach(this::tail);
        history.unresolved()
                .forEach(append -> wrong(Rule.UNRESOLVED, "append %s: %s".formatted(append.key(), append.why())));
        history.failures().stream()
                .filter(Note.Failed::broken)
                .forEach(failure -> wrong(Rule.UNTYPED, "%s: %s".formatted(failure.call(), failure.why())));
    }

    private void wrong(Rule rule, String what) {
        if (counts.merge(rule, 1, Integer::sum) <= EXAMPLES) {
            violations.add(new Violation(rule, what));
        }
    }

    // ---- each append: what its attempts were told, and what is stored ----

    private void append(String key, List<Attempt> all) {
        List<Fact> facts = stored.getOrDefault(key, List.of());
        boolean isStored = !facts.isEmpty();
        boolean acknowledged = has(all, Outcome.STORED);
        boolean refused = has(all, Outcome.REFUSED);
        if (acknowledged && !isStored) {
            wrong(Rule.LOST, "append %s was acknowledged and is not there".formatted(key));
        }
        if (isStored && refused) {
            wrong(
                    Rule.REFUSED_BUT_STORED,
                    "append %s was refused (%s) and is there".formatted(key, why(all, Outcome.REFUSED)));
        }
        if (isStored && all.stream().allMatch(each -> each.outcome() == Outcome.NOTHING)) {
            wrong(Rule.REFUSED_BUT_STORED, "append %s stored nothing, as the store said, and is there".formatted(key));
        }
        if (isStored) {
            content(key, all, facts);
        }
        all.stream()
                .filter(each -> each.outcome() == Outcome.BROKEN)
                .forEach(each -> wrong(Rule.UNTYPED, "append %s: %s".formatted(key, each.why())));
        answers(key, all);
    }

    private static boolean has(List<Attempt> all, Outcome outcome) {
        return all.stream().anyMatch(each -> each.outcome() == outcome);
    }

    private static String why(List<Attempt> all, Outcome outcome) {
        return all.stream()
                .filter(each -> each.outcome() == outcome)
                .map(Attempt::why)
                .findFirst()
                .orElse("");
    }

    private void content(String key, List<Attempt> all, List<Fact> facts) {
        List<Planned> planned = all.get(0).events();
        if (facts.size() > planned.size()) {
            wrong(Rule.DOUBLED, "append %s has %d events, %d are there".formatted(key, planned.size(), facts.size()));
            return;
        }
        if (facts.size() < planned.size()) {
            wrong(Rule.LOST, "append %s has %d events, only %d are there".formatted(key, planned.size(), facts.size()));
            return;
        }
        for (int i = 0; i < planned.size(); i++) {
            if (!same(planned.get(i), facts.get(i), i)) {
                wrong(
                        Rule.CONTENT,
                        "append %s, event %d: %s is stored as %s".formatted(key, i, planned.get(i), facts.get(i)));
            }
        }
    }

    private static boolean same(Planned planned, Fact fact, int index) {
        return fact.index() == index
                && fact.entity().equals(planned.entity())
                && fact.revision() == planned.revision()
                && (planned.previousId() == null || planned.previousId().equals(fact.previousId()))
                && fact.name().equals(planned.name())
                && fact.content().equals(planned.content());
    }

    /**
     * An acknowledgement names where the events are, and none after the first calls them new. The first may call them repeated: where an answer
     * was lost the store itself tries again.
     */
    private void answers(String key, List<Attempt> all) {
        List<Spot> spots = stored.getOrDefault(key, List.of()).stream()
                .map(fact -> new Spot(fact.position(), fact.revision(), fact.id()))
                .toList();
        boolean wasThere = false;
        for (Attempt each : all) {
            if (each.outcome() == Outcome.STORED) {
                if (!spots.isEmpty() && !each.spots().equals(spots)) {
                    wrong(
                            Rule.CONTENT,
                            "append %s was said to be at %s, and is at %s".formatted(key, each.spots(), spots));
                }
                if (!each.repeated() && wasThere) {
                    wrong(Rule.DOUBLED, "append %s was acknowledged as new twice".formatted(key));
                }
            }
            wasThere |= each.outcome() == Outcome.STORED;
        }
    }

    // ---- the ledger by itself ----

    private void lines() {
        Map<String, Fact> heads = new HashMap<>();
        for (Fact fact : ledger.facts()) {
            Fact head = heads.put(fact.entity(), fact);
            boolean follows = head == null
                    ? fact.revision() == 1 && fact.previousId() == null
                    : fact.revision() == head.revision() + 1
                            && head.id().equals(fact.previousId())
                            && fact.position() > head.position();
            if (!follows) {
                wrong(Rule.FORKED, "%s does not follow %s".formatted(fact, head));
            }
        }
    }

    private void positions() {
        long expected = 1;
        int nextVoid = 0;
        for (Fact fact : ledger.facts()) {
            for (; nextVoid < ledger.voids().size() && ledger.voids().get(nextVoid) < fact.position(); nextVoid++) {
                expected = position(expected, ledger.voids().get(nextVoid));
            }
            expected = position(expected, fact.position());
        }
        for (; nextVoid < ledger.voids().size(); nextVoid++) {
            expected = position(expected, ledger.voids().get(nextVoid));
        }
    }

    private long position(long expected, long found) {
        if (found != expected) {
            wrong(Rule.POSITIONS, "position %d where %d has to be".formatted(found, expected));
        }
        return found + 1;
    }

    // ---- real time ----

    /** A stored append: when it began at the earliest, when it was acknowledged first, and its lowest and highest position. */
    private record Span(String key, long began, long acknowledged, long lowest, long highest) {}

    private List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        stored.forEach((key, facts) -> {
            List<Attempt> all = attempts.getOrDefault(key, List.of());
            if (!all.isEmpty()) {
                long acknowledged = all.stream()
                        .filter(each -> each.outcome() == Outcome.STORED)
                        .mapToLong(Attempt::ended)
                        .min()
                        .orElse(History.NEVER);
                spans.add(new Span(
                        key,
                        begin(all),
                        acknowledged,
                        facts.get(0).position(),
                        facts.get(facts.size() - 1).position()));
            }
        });
        return spans;
    }

    /** Of the first attempt that may have stored it. */
    private static long begin(List<Attempt> all) {
        return all.stream()
                .filter(each -> each.outcome() != Outcome.NOTHING && each.outcome() != Outcome.REFUSED)
                .mapToLong(Attempt::began)
                .min()
                .orElse(all.get(0).began());
    }

    private void realTime() {
        List<Span> spans = spans();
        Acknowledged before = new Acknowledged(spans);
        for (Span span : sorted(spans, Span::began)) {
            Span highest = before.highestUntil(span.began());
            if (highest != null && highest.highest() > span.lowest()) {
                wrong(
                        Rule.REAL_TIME,
                        "append %s at %d began after append %s at %d was acknowledged"
                                .formatted(span.key(), span.lowest(), highest.key(), highest.highest()));
            }
        }
        Acknowledged beforeReplays = new Acknowledged(spans);
        for (Replayed replay : sorted(history.replays(), Replayed::began)) {
            Span highest = beforeReplays.highestUntil(replay.began());
            if (highest != null && highest.highest() >= replay.from() && highest.highest() > replay.last()) {
                wrong(
                        Rule.REPLAY,
                        "a replay ended at %d although append %s at %d was acknowledged before it began"
                                .formatted(replay.last(), highest.key(), highest.highest()));
            }
        }
    }

    private static <T> List<T> sorted(List<T> all, ToLongFunction<T> by) {
        return all.stream().sorted(Comparator.comparingLong(by)).toList();
    }

    /** Of the appends that were acknowledged before a time, the one with the highest position; asked for ascending times. */
    private static final class Acknowledged {
        private final List<Span> spans;
        private int next;
        private @Nullable Span highest;

        Acknowledged(List<Span> spans) {
            this.spans = sorted(spans, Span::acknowledged);
        }

        @Nullable
        Span highestUntil(long time) {
            for (; next < spans.size() && spans.get(next).acknowledged() < time; next++) {
                if (highest == null || spans.get(next).highest() > highest.highest()) {
                    highest = spans.get(next);
                }
            }
            return highest;
        }
    }

    // ---- what readers saw ----

    private void staleness() {
        Map<String, Map<Long, Fact>> byEntity = new HashMap<>();
        ledger.facts()
                .forEach(fact -> byEntity.computeIfAbsent(fact.entity(), entity -> new HashMap<>())
                        .put(fact.revision(), fact));
        for (Attempt attempt : history.attempts()) {
            if (attempt.outcome() == Outcome.REFUSED && attempt.why().equals(Clerk.STALE)) {
                Spot head = attempt.spots().isEmpty() ? null : attempt.spots().get(0);
                if (head == null
                        || attempt.events().stream().noneMatch(planned -> isStale(planned, head, attempt, byEntity))) {
                    wrong(Rule.STALE, "append %s was refused as stale by a head %s".formatted(attempt.key(), head));
                }
            }
        }
    }

    /** Whether that head is one of the event's entity, not below what the event was to be, and of an append that had begun by then. */
    private boolean isStale(Planned planned, Spot head, Attempt attempt, Map<String, Map<Long, Fact>> byEntity) {
        Fact there = byEntity.getOrDefault(planned.entity(), Map.of()).get(head.revision());
        return there != null
                && there.id().equals(head.id())
                && there.revision() >= planned.revision()
                && attempts.getOrDefault(there.key(), List.of()).stream()
                        .anyMatch(other -> other.began() < attempt.ended());
    }

    private void replay(Replayed replay) {
        Digest expected = new Digest();
        for (int i = firstAt(replay.from()); i < ledger.facts().size(); i++) {
            Fact fact = ledger.facts().get(i);
            if (fact.position() > replay.last()) {
                break;
            }
            expected.add(fact.position(), fact.id());
        }
        long events = expected.events();
        if (events != replay.events() || !expected.end().equals(replay.digest())) {
            wrong(
                    Rule.REPLAY,
                    "a replay from %d to %d read %d events, the ledger has %d there, or others"
                            .formatted(replay.from(), replay.last(), replay.events(), events));
        }
    }

    private int firstAt(long position) {
        int low = 0;
        int high = ledger.facts().size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ledger.facts().get(middle).position() < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void tail(String name, List<Delivered> pages) {
        List<Spot> delivered =
                pages.stream().flatMap(page -> page.events().stream()).toList();
        List<Fact> facts = ledger.facts();
        for (int i = 0; i < Math.max(delivered.size(), facts.size()); i++) {
            Spot saw = i < delivered.size() ? delivered.get(i) : null;
            Fact fact = i < facts.size() ? facts.get(i) : null;
            if (saw == null
                    || fact == null
                    || saw.position() != fact.position()
                    || !Objects.equals(saw.id(), fact.id())) {
                wrong(
                        Rule.TAIL,
                        "tail %s, event %d: it saw %s, the ledger has %s"
                                .formatted(name, i, String.valueOf(saw), String.valueOf(fact)));
                return; // what follows is shifted
            }
        }
    }
}
