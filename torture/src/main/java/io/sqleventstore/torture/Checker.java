package io.sqleventstore.torture;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.sqleventstore.torture.FinalLedger.Fact;
import io.sqleventstore.torture.History.Attempt;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Planned;
import io.sqleventstore.torture.Note.Replayed;
import io.sqleventstore.torture.Note.Spot;
import io.sqleventstore.torture.Violation.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collector;
import java.util.stream.IntStream;
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
    private final Set<String> expected;
    private final Map<String, List<Attempt>> attempts;
    private final Map<String, List<Fact>> stored;
    private final Digest[] sums;
    private final long[] seen;
    private final Map<String, Span> spans;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<Rule, Integer> counts = new HashMap<>();

    private Checker(History history, FinalLedger ledger, Set<String> expected) {
        this.history = history;
        this.ledger = ledger;
        this.expected = expected;
        this.attempts = history.attempts().stream().collect(groupingBy(Attempt::key, LinkedHashMap::new, toOrdered()));
        this.stored = ledger.facts().stream().collect(groupingBy(Fact::key));
        this.sums = ledger.sums();
        this.seen = seen();
        this.spans = spans();
    }

    private static Collector<Attempt, ?, List<Attempt>> toOrdered() {
        return collectingAndThen(toList(), list -> {
            list.sort(Comparator.comparingLong(Attempt::began));
            return list;
        });
    }

    /** What is wrong, {@value #EXAMPLES} examples of each rule at most; empty if nothing is. */
    static List<Violation> check(History history, FinalLedger ledger) {
        return check(history, ledger, Set.of());
    }

    /** As {@link #check(History, FinalLedger)}, where the database may refuse that. */
    static List<Violation> check(History history, FinalLedger ledger, Set<String> expected) {
        Checker checker = new Checker(history, ledger, expected);
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
        history.fresh().forEach(append -> fresh(append.key()));
        history.unresolved()
                .forEach(append -> wrong(Rule.UNRESOLVED, "append %s: %s".formatted(append.key(), append.why())));
        history.failures().stream()
                .filter(failure -> failure.broken() || Clerk.isMistaken(failure.why(), expected))
                .forEach(failure -> wrong(Rule.UNTYPED, "%s: %s".formatted(failure.call(), failure.why())));
    }

    private static Spot spot(Fact fact) {
        return new Spot(fact.position(), fact.revision(), fact.id());
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
        if (isStored && !refused) {
            origin(key, all, facts);
        }
        if (isStored) {
            content(key, all, facts);
        }
        all.stream()
                .filter(each -> each.outcome() == Outcome.BROKEN || Clerk.isMistaken(each.why(), expected))
                .forEach(each -> wrong(Rule.UNTYPED, "append %s: %s".formatted(key, each.why())));
        answers(key, all, facts);
    }

    /** Some attempt may have stored it, and had begun before anybody saw it. */
    private void origin(String key, List<Attempt> all, List<Fact> facts) {
        long earliest = storing(all);
        if (earliest == History.NEVER) {
            wrong(Rule.REFUSED_BUT_STORED, "append %s stored nothing, as the store said, and is there".formatted(key));
        } else if (seen(facts) < earliest) {
            wrong(
                    Rule.REFUSED_BUT_STORED,
                    "append %s was there before the first attempt began that may have stored it".formatted(key));
        }
    }

    /** When the first attempt began that may have stored it. */
    private static long storing(List<Attempt> all) {
        return all.stream()
                .filter(each -> each.outcome() != Outcome.NOTHING && each.outcome() != Outcome.REFUSED)
                .mapToLong(Attempt::began)
                .min()
                .orElse(History.NEVER);
    }

    /** When it was acknowledged first. */
    private static long acknowledged(List<Attempt> all) {
        return all.stream()
                .filter(each -> each.outcome() == Outcome.STORED)
                .mapToLong(Attempt::ended)
                .min()
                .orElse(History.NEVER);
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
                && (planned.id() == null || planned.id().equals(fact.id()))
                && fact.name().equals(planned.name())
                && fact.content().equals(planned.content());
    }

    /**
     * An acknowledgement names where the events are; one at most calls them new, and none whose attempt began when somebody knew of them. The
     * first may call them repeated: where an answer was lost the store itself tries again.
     */
    private void answers(String key, List<Attempt> all, List<Fact> facts) {
        List<Spot> spots = facts.stream().map(Checker::spot).toList();
        long known = Math.min(acknowledged(all), seen(facts));
        int asNew = 0;
        for (Attempt each : all) {
            if (each.outcome() == Outcome.STORED
                    && !spots.isEmpty()
                    && !each.spots().equals(spots)) {
                wrong(Rule.CONTENT, "append %s was said to be at %s, and is at %s".formatted(key, each.spots(), spots));
            }
            if (each.outcome() == Outcome.STORED && !each.repeated()) {
                asNew++;
                if (known < each.began()) {
                    wrong(Rule.DOUBLED, "append %s was known, and then acknowledged as new".formatted(key));
                }
            }
        }
        if (asNew > 1) {
            wrong(Rule.DOUBLED, "append %s was acknowledged as new %d times".formatted(key, asNew));
        }
    }

    /** Nothing hindered it any more. */
    private void fresh(String key) {
        List<Attempt> all = attempts.getOrDefault(key, List.of());
        if (!has(all, Outcome.STORED)) {
            List<String> ends =
                    all.stream().map(each -> each.outcome() + " " + each.why()).toList();
            wrong(Rule.UNRESOLVED, "append %s was new when all was calm, and was not stored: %s".formatted(key, ends));
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

    private Map<String, Span> spans() {
        Map<String, Span> all = new HashMap<>();
        stored.forEach((key, facts) -> {
            List<Attempt> its = attempts.getOrDefault(key, List.of());
            if (!its.isEmpty()) {
                long storing = storing(its);
                all.put(
                        key,
                        new Span(
                                key,
                                storing == History.NEVER ? its.get(0).began() : storing,
                                acknowledged(its),
                                facts.get(0).position(),
                                facts.get(facts.size() - 1).position()));
            }
        });
        return all;
    }

    /** Since when somebody knew of an event at that position, and by what: an append's key, a replay, a tail. */
    private record Known(long since, long position, String by) {}

    private List<Known> known() {
        List<Known> all = new ArrayList<>();
        spans.values().forEach(span -> all.add(new Known(span.acknowledged(), span.highest(), span.key())));
        for (Replayed replay : history.replays()) {
            if (replay.events() > 0) {
                all.add(new Known(replay.at(), replay.last(), "a replay"));
            }
        }
        history.tails().forEach((name, pages) -> {
            String by = "tail " + name;
            for (Delivered page : pages) {
                page.events().stream()
                        .mapToLong(Spot::position)
                        .max()
                        .ifPresent(highest -> all.add(new Known(page.at(), highest, by)));
            }
        });
        return sorted(all, Known::since);
    }

    /** Nothing appears at or below a position that is known: what begins then comes after it, and a replay sees it. */
    private void realTime() {
        List<Known> known = known();
        Knowledge beforeAppends = new Knowledge(known);
        for (Span span : sorted(spans.values(), Span::began)) {
            Known highest = beforeAppends.highestBefore(span.began());
            if (highest != null && highest.position() > span.lowest()) {
                wrong(
                        Rule.REAL_TIME,
                        "append %s at %d began after position %d was acknowledged or read (%s)"
                                .formatted(span.key(), span.lowest(), highest.position(), highest.by()));
            }
        }
        Knowledge beforeReplays = new Knowledge(known);
        for (Replayed replay : sorted(history.replays(), Replayed::began)) {
            Known highest = beforeReplays.highestBefore(replay.began());
            if (highest != null && highest.position() >= replay.from() && highest.position() > replay.last()) {
                wrong(
                        Rule.REPLAY,
                        "a replay ended at %d although position %d was acknowledged or read before it began (%s)"
                                .formatted(replay.last(), highest.position(), highest.by()));
            }
        }
    }

    private static <T> List<T> sorted(Collection<T> all, ToLongFunction<T> by) {
        return all.stream().sorted(Comparator.comparingLong(by)).toList();
    }

    /** The highest position that was known before a time; asked for ascending times. */
    private static final class Knowledge {
        private final List<Known> sorted;
        private int next;
        private @Nullable Known highest;

        Knowledge(List<Known> sorted) {
            this.sorted = sorted;
        }

        @Nullable
        Known highestBefore(long time) {
            for (; next < sorted.size() && sorted.get(next).since() < time; next++) {
                if (highest == null || sorted.get(next).position() > highest.position()) {
                    highest = sorted.get(next);
                }
            }
            return highest;
        }
    }

    // ---- who was refused as too late ----

    private void staleness() {
        long[] later = later();
        for (Attempt attempt : history.attempts()) {
            if (attempt.outcome() == Outcome.REFUSED && attempt.why().equals(Clerk.STALE)) {
                Spot head = attempt.spots().isEmpty() ? null : attempt.spots().get(0);
                if (head == null
                        || attempt.events().stream().noneMatch(planned -> isStale(planned, head, attempt, later))) {
                    wrong(Rule.STALE, "append %s was refused as stale by a head %s".formatted(attempt.key(), head));
                }
            }
        }
    }

    /** Of each event when somebody knew of a later one of its entity at the earliest. */
    private long[] later() {
        long[] later = new long[ledger.facts().size()];
        Map<String, Long> earliest = new HashMap<>();
        for (int i = later.length - 1; i >= 0; i--) {
            Fact fact = ledger.facts().get(i);
            later[i] = earliest.getOrDefault(fact.entity(), History.NEVER);
            Span span = spans.get(fact.key());
            long known = span == null ? seen[i] : Math.min(seen[i], span.acknowledged());
            earliest.merge(fact.entity(), known, Math::min);
        }
        return later;
    }

    /**
     * Whether that head is one of the event's entity, not below what the event was to be, the latest that anybody knew of when the attempt
     * began or a later one, and of an append that had begun when it ended.
     */
    private boolean isStale(Planned planned, Spot head, Attempt attempt, long[] later) {
        int place = ledger.firstAt(head.position());
        if (place >= ledger.facts().size()) {
            return false;
        }
        Fact there = ledger.facts().get(place);
        Span span = spans.get(there.key());
        return head.equals(spot(there))
                && there.entity().equals(planned.entity())
                && there.revision() >= planned.revision()
                && later[place] >= attempt.began()
                && span != null
                && span.began() < attempt.ended();
    }

    // ---- what readers saw ----

    /** Of each event when somebody had read it first; and behind the last, never. */
    private long[] seen() {
        long[] times = new long[ledger.facts().size() + 1];
        Arrays.fill(times, History.NEVER);
        int[] next = IntStream.range(0, times.length).toArray(); // on the way to the next that no replay has read
        for (Replayed replay : sorted(history.replays(), Replayed::at)) {
            int end = isThere(replay) ? end(replay) : 0;
            for (int i = next(next, ledger.firstAt(replay.from())); i < end; i = next(next, i)) {
                times[i] = replay.at();
                next[i] = i + 1;
            }
        }
        history.tails().values().stream().flatMap(List::stream).forEach(page -> {
            for (int i = 0; i < page.events().size(); i++) {
                int place = ledger.firstAt(page.events().get(i).position());
                if (isThere(page, i, place)) {
                    times[place] = Math.min(times[place], page.at());
                }
            }
        });
        return times;
    }

    private static int next(int[] next, int from) {
        int place = from;
        while (next[place] != place) {
            next[place] = next[next[place]];
            place = next[place];
        }
        return place;
    }

    /** When somebody had read one of them. */
    private long seen(List<Fact> facts) {
        return facts.stream()
                .mapToLong(fact -> seen[ledger.firstAt(fact.position())])
                .min()
                .orElse(History.NEVER);
    }

    private void replay(Replayed replay) {
        if (!isThere(replay)) {
            wrong(
                    Rule.REPLAY,
                    "a replay from %d to %d read %d events, %s; the ledger has %d there, or others"
                            .formatted(
                                    replay.from(),
                                    replay.last(),
                                    replay.events(),
                                    replay.ascending() ? "in order" : "not in order",
                                    end(replay) - ledger.firstAt(replay.from())));
        }
    }

    /** Whether the ledger has just what that replay read. */
    private boolean isThere(Replayed replay) {
        int first = ledger.firstAt(replay.from());
        int end = end(replay);
        return replay.ascending()
                && end - first == replay.events()
                && sums[end].minus(sums[first]).equals(replay.digest());
    }

    /** Where the first event is that is behind what it read. */
    private int end(Replayed replay) {
        return ledger.firstAt(Math.max(replay.from(), replay.last() + 1));
    }

    private void tail(String name, List<Delivered> pages) {
        int place = 0;
        for (Delivered page : pages) {
            for (int i = 0; i < page.events().size(); i++) {
                if (!isThere(page, i, place)) {
                    unlike(name, place, page.events().get(i));
                    return; // what follows is shifted
                }
                place++;
            }
        }
        if (place < ledger.facts().size()) {
            unlike(name, place, null);
        }
    }

    /** Whether the ledger has in that place what a page has. */
    private boolean isThere(Delivered page, int i, int place) {
        if (place >= ledger.facts().size()) {
            return false;
        }
        return page.events().get(i).equals(spot(ledger.facts().get(place)))
                && page.digests().get(i) == sums[place + 1].minus(sums[place]).high();
    }

    private void unlike(String tail, int place, @Nullable Spot saw) {
        Fact fact = place < ledger.facts().size() ? ledger.facts().get(place) : null;
        wrong(
                Rule.TAIL,
                "tail %s, event %d: it saw %s, the ledger has %s or other contents"
                        .formatted(tail, place, String.valueOf(saw), String.valueOf(fact)));
    }
}
