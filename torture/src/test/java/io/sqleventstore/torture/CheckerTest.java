package io.sqleventstore.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.torture.FinalLedger.Fact;
import io.sqleventstore.torture.Note.Began;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Ended;
import io.sqleventstore.torture.Note.Replayed;
import io.sqleventstore.torture.Note.Spot;
import io.sqleventstore.torture.Violation.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An honest history passes; each doctored one is rejected, by the rule that it breaks. */
class CheckerTest {
    /** How a history is doctored, and the rule that has to notice. */
    private record Doctored(Rule rule, Consumer<Story> how) {}

    private static final Map<String, Doctored> DOCTORED = new TreeMap<>();

    private static void put(String what, Rule rule, Consumer<Story> how) {
        DOCTORED.put(what, new Doctored(rule, how));
    }

    static {
        put("an acknowledged append is not there", Rule.LOST, story -> remove(story, "last"));
        put("an acknowledged append is not there, and its last attempt was unknown", Rule.LOST, story -> {
            remove(story, "several");
            story.attempt("several", Outcome.UNKNOWN);
        });
        put("an event of several is missing", Rule.LOST, story -> story.facts.removeIf(is("several", 2)));
        put("a process died and half of its append is there", Rule.LOST, story -> story.facts.removeIf(is("died", 1)));
        put("an event is there twice", Rule.DOUBLED, story -> {
            Fact last = story.facts.get(story.facts.size() - 1);
            story.facts.add(fact(last, last.position() + 1, last.revision() + 1, last.id(), last.content(), 2));
        });
        put(
                "an append is acknowledged as new twice",
                Rule.DOUBLED,
                story -> ended(story, "several", 1, end -> end(end, end.outcome(), false, end.spots())));
        put("data is other data", Rule.CONTENT, story -> facts(story, "several", 1, fact -> fact(fact, "tampered")));
        put(
                "an append is in another order",
                Rule.CONTENT,
                story -> facts(
                        story,
                        "several",
                        1,
                        fact -> fact(fact, fact.position(), fact.revision(), fact.previousId(), fact.content(), 0)));
        put(
                "an answer names another position",
                Rule.CONTENT,
                story -> ended(story, "last", 0, end -> end(end, end.outcome(), false, story.spots("first"))));
        put(
                "an answer names fewer events",
                Rule.CONTENT,
                story -> ended(
                        story,
                        "last",
                        0,
                        end -> end(end, end.outcome(), false, end.spots().subList(0, 1))));
        put(
                "a repeated answer names another event",
                Rule.CONTENT,
                story -> ended(story, "several", 1, end -> end(end, end.outcome(), true, story.spots("first"))));
        put(
                "a refused append is there",
                Rule.REFUSED_BUT_STORED,
                story -> ended(story, "last", 0, end -> end(end, Outcome.REFUSED, false, List.of())));
        put(
                "an append whose retry was refused is there",
                Rule.REFUSED_BUT_STORED,
                story -> ended(story, "lost answer", 1, end -> end(end, Outcome.REFUSED, false, List.of())));
        put(
                "an append that stored nothing is there",
                Rule.REFUSED_BUT_STORED,
                story -> ended(story, "last", 0, end -> end(end, Outcome.NOTHING, false, List.of())));
        put("an event is there that nobody has appended", Rule.INVENTED, story -> {
            Fact last = story.facts.get(story.facts.size() - 1);
            story.facts.add(
                    new Fact(last.position() + 1, new UUID(9, 9), "nobody", 1, null, "happened", "invented", 0, ""));
        });
        put(
                "two events have the same revision",
                Rule.FORKED,
                story -> facts(
                        story,
                        "last",
                        1,
                        fact -> fact(
                                fact, fact.position(), fact.revision() - 1, fact.previousId(), fact.content(), 1)));
        put(
                "a revision is skipped",
                Rule.FORKED,
                story -> facts(
                        story,
                        "last",
                        1,
                        fact -> fact(
                                fact, fact.position(), fact.revision() + 1, fact.previousId(), fact.content(), 1)));
        put(
                "an event points elsewhere",
                Rule.FORKED,
                story -> facts(
                        story,
                        "last",
                        1,
                        fact -> fact(fact, fact.position(), fact.revision(), new UUID(0, 0), fact.content(), 1)));
        put(
                "a history has no beginning",
                Rule.FORKED,
                story -> facts(
                        story,
                        "first",
                        0,
                        fact -> fact(fact, fact.position(), fact.revision(), new UUID(0, 0), fact.content(), 0)));
        put("a later append is before an earlier one", Rule.REAL_TIME, CheckerTest::swapFirstAppends);
        put(
                "a refusal names a head that never was",
                Rule.STALE,
                story -> ended(
                        story,
                        "stale",
                        0,
                        end -> end(end, end.outcome(), false, List.of(new Spot(3, 2, new UUID(0, 0))))));
        put(
                "a refusal names the head that the append was after",
                Rule.STALE,
                story -> ended(story, "stale", 0, end -> end(end, end.outcome(), false, story.spots("first"))));
        put(
                "a refusal names another entity's head",
                Rule.STALE,
                story -> ended(
                        story,
                        "stale",
                        0,
                        end -> end(
                                end, end.outcome(), false, story.spots("died").subList(1, 2))));
        put(
                "a refusal names a head of the future",
                Rule.STALE,
                story -> ended(
                        story,
                        "stale",
                        0,
                        end -> end(
                                end, end.outcome(), false, story.spots("last").subList(1, 2))));
        put(
                "a refusal names no head at all",
                Rule.STALE,
                story -> ended(story, "stale", 0, end -> end(end, end.outcome(), false, List.of())));
        put(
                "an append is before one that was acknowledged between its first attempt, which stored nothing, and its second",
                Rule.REAL_TIME,
                CheckerTest::overtakeAfterNothing);
        put(
                "a replay of what has events is empty",
                Rule.REPLAY,
                story -> replayed(
                        story,
                        1,
                        it -> new Replayed(it.began(), it.at(), it.from(), it.from() - 1, 0, new Digest().end())));
        put("a tail misses an event", Rule.TAIL, story -> story.tail.remove(2));
        put("a tail ends before the end", Rule.TAIL, story -> story.tail.remove(story.tail.size() - 1));
        put("a tail delivers an event twice", Rule.TAIL, story -> story.tail.add(3, story.tail.get(2)));
        put("a tail delivers two in another order", Rule.TAIL, story -> story.tail.add(2, story.tail.remove(4)));
        put(
                "a tail delivers a void",
                Rule.TAIL,
                story -> story.tail.add(
                        4, new Delivered(story.now(), List.of(new Spot(story.voids.get(0), 1, new UUID(8, 8))), "")));
        put(
                "a replay misses an event",
                Rule.REPLAY,
                story -> replayed(
                        story,
                        0,
                        it -> new Replayed(it.began(), it.at(), it.from(), it.last(), it.events() - 1, it.digest())));
        put(
                "a replay has another event",
                Rule.REPLAY,
                story -> replayed(
                        story,
                        1,
                        it -> new Replayed(
                                it.began(), it.at(), it.from(), it.last(), it.events(), Digest.of("another"))));
        put(
                "a replay ends before what was acknowledged",
                Rule.REPLAY,
                story -> replayed(story, 0, it -> {
                    Digest one = new Digest();
                    one.add(1, story.facts.get(0).id());
                    return new Replayed(it.began(), it.at(), 1, 1, 1, one.end());
                }));
        put("a position is neither an event's nor void", Rule.POSITIONS, story -> story.voids.clear());
        put("a position is an event's and void", Rule.POSITIONS, story -> story.voids.add(0, 1L));
        put(
                "an append throws what it must not",
                Rule.UNTYPED,
                story -> ended(story, "lost answer", 0, end -> end(end, Outcome.BROKEN, false, List.of())));
        put(
                "a tail throws what it must not",
                Rule.UNTYPED,
                story -> story.tail.add(new Note.Failed(story.now(), "tail", true, "CursorRefused")));
        put(
                "an append has no end although all is calm",
                Rule.UNRESOLVED,
                story -> story.calls.add(new Note.GaveUp(story.now(), "lost request", "still UNKNOWN")));
    }

    static Stream<Arguments> doctored() {
        return DOCTORED.entrySet().stream()
                .map(each -> Arguments.of(
                        each.getKey(), each.getValue().rule(), each.getValue().how()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("doctored")
    void aDoctoredHistoryIsRejected(String what, Rule rule, Consumer<Story> how) {
        Story story = Story.honest();
        how.accept(story);
        assertThat(story.check()).as(what).extracting(Violation::rule).contains(rule);
    }

    @Test
    void anHonestHistoryPasses() {
        assertThat(Story.honest().check()).isEmpty();
    }

    @Test
    void whatIsUnknownMayBeThereOrNot() {
        Story story = Story.honest();
        story.plan("unknown", "fresh", 2);
        story.attempt("unknown", Outcome.UNKNOWN);
        assertThat(story.check()).isEmpty();
        story.store("unknown");
        story.tail.clear();
        assertThat(story.check()).extracting(Violation::rule).containsExactly(Rule.TAIL); // which has to see it
    }

    /** All but the one that the store itself finds by its check. */
    @Test
    void everyRuleHasAHistoryThatBreaksIt() {
        Set<Rule> broken = EnumSet.noneOf(Rule.class);
        DOCTORED.values().forEach(each -> broken.add(each.rule()));
        broken.add(Rule.VERIFY);
        assertThat(broken).containsExactlyInAnyOrderElementsOf(Arrays.asList(Rule.values()));
    }

    // ---- how to doctor ----

    private static void remove(Story story, String key) {
        story.facts.removeIf(fact -> fact.key().equals(key));
    }

    private static java.util.function.Predicate<Fact> is(String key, int index) {
        return fact -> fact.key().equals(key) && fact.index() == index;
    }

    private static Fact fact(Fact it, String content) {
        return fact(it, it.position(), it.revision(), it.previousId(), content, it.index());
    }

    private static Fact fact(
            Fact it,
            long position,
            long revision,
            @org.jspecify.annotations.Nullable UUID previous,
            String content,
            int index) {
        return new Fact(position, it.id(), it.entity(), revision, previous, it.name(), it.key(), index, content);
    }

    private static void facts(Story story, String key, int index, UnaryOperator<Fact> change) {
        story.facts.replaceAll(fact -> is(key, index).test(fact) ? change.apply(fact) : fact);
    }

    private static Ended end(Ended it, Outcome outcome, boolean repeated, List<Spot> spots) {
        return new Ended(it.attempt(), it.at(), outcome, repeated, spots, it.why());
    }

    /** Changes how the n-th attempt under that key ended. */
    private static void ended(Story story, String key, int nth, UnaryOperator<Ended> change) {
        List<Long> attempts = story.calls.stream()
                .filter(note -> note instanceof Began began && began.key().equals(key))
                .map(note -> ((Began) note).attempt())
                .toList();
        story.calls.replaceAll(
                note -> note instanceof Ended end && end.attempt() == attempts.get(nth) ? change.apply(end) : note);
    }

    private static void replayed(Story story, int nth, UnaryOperator<Replayed> change) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < story.calls.size(); i++) {
            if (story.calls.get(i) instanceof Replayed) {
                places.add(i);
            }
        }
        int place = places.get(nth);
        story.calls.set(place, change.apply((Replayed) story.calls.get(place)));
    }

    /** The first append and the second, of other entities, change places, and everybody tells it so. */
    private static void swapFirstAppends(Story story) {
        Story swapped = new Story();
        swapped.append("second", "player", 1, Outcome.STORED);
        swapped.append("first", "game", 1, Outcome.STORED);
        story.calls.clear();
        story.tail.clear();
        story.voids.clear();
        story.facts.clear();
        story.facts.addAll(swapped.facts);
        story.calls.addAll(swapped.calls.subList(2, 4));
        swapped.calls.subList(0, 2).forEach(note -> story.calls.add(later(note)));
        story.facts.forEach(fact -> story.tail.add(
                new Delivered(story.now(), List.of(new Spot(fact.position(), fact.revision(), fact.id())), "")));
    }

    /** Of two appends the one whose first attempt stored nothing is stored after the other was acknowledged, and stands before it. */
    private static void overtakeAfterNothing(Story story) {
        Story other = new Story();
        other.plan("overtaker", "game", 1);
        other.attempt("overtaker", Outcome.NOTHING);
        other.store("overtaker");
        other.append("overtaken", "player", 1, Outcome.STORED);
        other.repeat("overtaker");
        story.calls.clear();
        story.tail.clear();
        story.voids.clear();
        story.facts.clear();
        story.facts.addAll(other.facts);
        story.calls.addAll(other.calls);
    }

    private static Note later(Note note) {
        return note instanceof Began began
                ? new Began(began.attempt(), began.at() + 100, began.key(), began.events())
                : note instanceof Ended end
                        ? new Ended(end.attempt(), end.at() + 100, end.outcome(), end.repeated(), end.spots(), "")
                        : note;
    }
}
