package io.sqleventstore.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.torture.FinalLedger.Fact;
import io.sqleventstore.torture.Note.Began;
import io.sqleventstore.torture.Note.Delivered;
import io.sqleventstore.torture.Note.Ended;
import io.sqleventstore.torture.Note.Planned;
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
            story.facts.add(new Fact(
                    last.position() + 1,
                    new UUID(9, 9),
                    "nobody",
                    1,
                    null,
                    "happened",
                    "invented",
                    0,
                    Digest.NONE,
                    null));
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
                story -> replayed(story, 1, it -> new Digest.Reading(it.from()).ended(it.began(), it.at())));
        put("a tail misses an event", Rule.TAIL, story -> story.tail.remove(2));
        put("a tail ends before the end", Rule.TAIL, story -> story.tail.remove(story.tail.size() - 1));
        put("a tail delivers an event twice", Rule.TAIL, story -> story.tail.add(3, story.tail.get(2)));
        put("a tail delivers two in another order", Rule.TAIL, story -> story.tail.add(2, story.tail.remove(4)));
        put(
                "a tail delivers a void",
                Rule.TAIL,
                story -> story.tail.add(
                        4,
                        new Delivered(
                                story.now(),
                                List.of(new Spot(story.voids.get(0), 1, new UUID(8, 8))),
                                List.of(0L),
                                "")));
        put(
                "a replay misses an event",
                Rule.REPLAY,
                story -> replayed(
                        story,
                        0,
                        it -> new Replayed(
                                it.began(),
                                it.at(),
                                it.from(),
                                it.last(),
                                it.events() - 1,
                                it.ascending(),
                                it.digest())));
        put(
                "a replay has another event",
                Rule.REPLAY,
                story -> replayed(
                        story,
                        1,
                        it -> new Replayed(
                                it.began(),
                                it.at(),
                                it.from(),
                                it.last(),
                                it.events(),
                                it.ascending(),
                                Digest.of("another"))));
        put(
                "a replay ends before what was acknowledged",
                Rule.REPLAY,
                story -> replayed(story, 0, it -> {
                    Digest.Reading one = new Digest.Reading(1);
                    one.add(story.facts.get(0));
                    return one.ended(it.began(), it.at());
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
        contents();
        readings();
        heads();
        attempts();
        mistakes();
    }

    /** What is compared of an event. */
    private static void contents() {
        put(
                "an event has another id than its client chose",
                Rule.CONTENT,
                story -> story.calls.replaceAll(note ->
                        note instanceof Began began && began.key().equals("first")
                                ? began(began, planned -> planned(planned, new UUID(0, 0)))
                                : note));
        put(
                "a tail delivers other contents",
                Rule.TAIL,
                story -> story.tail.replaceAll(note -> note instanceof Delivered page
                        ? new Delivered(
                                page.at(), page.events(), List.of(page.digests().get(0) + 1), "")
                        : note));
        put("a tail delivers another revision", Rule.TAIL, story -> {
            Delivered page = (Delivered) story.tail.get(2);
            Spot saw = page.events().get(0);
            Spot other = new Spot(saw.position(), saw.revision() + 1, saw.id());
            story.tail.set(2, new Delivered(page.at(), List.of(other), page.digests(), ""));
        });
        put("metadata that a tail delivered are others in the end", Rule.TAIL, CheckerTest::changeMetadata);
        put("metadata that a replay read are others in the end", Rule.REPLAY, CheckerTest::changeMetadata);
    }

    /** What several readers saw. */
    private static void readings() {
        put("a replay reads two events in another order", Rule.REPLAY, story -> {
            Digest.Reading reading = new Digest.Reading(1);
            reading.add(story.facts.get(1));
            reading.add(story.facts.get(0));
            story.facts.subList(2, story.facts.size()).forEach(reading::add);
            story.calls.add(reading.ended(story.now(), story.now()));
        });
        put("a replay reads one event twice in place of another", Rule.REPLAY, story -> {
            Digest.Reading reading = new Digest.Reading(1);
            reading.add(story.facts.get(0));
            reading.add(story.facts.get(0));
            story.facts.subList(2, story.facts.size()).forEach(reading::add);
            story.calls.add(reading.ended(story.now(), story.now()));
        });
        put("a replay ends before what another had read", Rule.REPLAY, story -> {
            long end = end(story);
            story.append("unknown", "player", 1, Outcome.UNKNOWN);
            story.replay(1);
            story.replay(1, end);
            story.deliver(last(story));
        });
        put("a replay ends before what a tail had delivered", Rule.REPLAY, story -> {
            long end = end(story);
            story.append("unknown", "player", 1, Outcome.UNKNOWN);
            story.deliver(last(story));
            story.replay(1, end);
        });
        put("an append is before what a replay had read when it began", Rule.REAL_TIME, story -> {
            story.plan("late", "player", 1);
            story.store("late");
            story.append("unknown", "game", 1, Outcome.UNKNOWN);
            story.replay(end(story));
            story.end(story.begin("late"), Outcome.STORED, false, story.spots("late"));
            story.tail.clear();
            story.follow();
        });
    }

    /** What is said to whom comes too late. */
    private static void heads() {
        put("a refusal names an old head", Rule.STALE, story -> {
            story.refuse("too old", "game", 3);
            ended(story, "too old", 0, end -> end(end, end.outcome(), false, story.spots("lost answer")));
        });
        put(
                "a refusal names an old head, and nobody had seen the new one, which was acknowledged",
                Rule.STALE,
                story -> {
                    story.append("newest", "game", 1, Outcome.STORED);
                    story.refuse("too old", "game", 2);
                    ended(
                            story,
                            "too old",
                            0,
                            end -> end(
                                    end,
                                    end.outcome(),
                                    false,
                                    story.spots("last").subList(1, 2)));
                    story.deliver(last(story));
                });
        put(
                "a refusal names the head that the append was after, which is the newest",
                Rule.STALE,
                story -> story.refuse("in time", "game", 0));
        put("a refusal names the newest head of another entity", Rule.STALE, story -> {
            story.refuse("stale again", "game", 1);
            ended(
                    story,
                    "stale again",
                    0,
                    end -> end(end, end.outcome(), false, story.spots("died").subList(1, 2)));
        });
        put(
                "a refusal names a head by another revision",
                Rule.STALE,
                story -> ended(story, "stale", 0, end -> {
                    Spot head = end.spots().get(0);
                    Spot other = new Spot(head.position(), head.revision() + 1, head.id());
                    return end(end, end.outcome(), false, List.of(other));
                }));
        put("a refusal names a head that is older than one that a reader had seen", Rule.STALE, story -> {
            story.refuse("too old", "player", 3); // the head is of one that died, and was never acknowledged
            ended(
                    story,
                    "too old",
                    0,
                    end -> end(end, end.outcome(), false, story.spots("several").subList(2, 3)));
        });
        put(
                "a refusal names a head at another position",
                Rule.STALE,
                story -> ended(story, "stale", 0, end -> {
                    Spot head = end.spots().get(0);
                    Spot other = new Spot(head.position() + 1, head.revision(), head.id());
                    return end(end, end.outcome(), false, List.of(other));
                }));
        put("a refusal names a head that only an append may have stored that began later", Rule.STALE, story -> {
            story.plan("next", "game", 1);
            story.attempt("next", Outcome.NOTHING);
            story.store("next");
            story.refuse("too early", "game", 1);
            story.repeat("next");
            story.tail.clear();
            story.follow();
        });
    }

    /** What several attempts at one append were told. */
    private static void attempts() {
        put("an append is known as repeated, and then acknowledged as new", Rule.DOUBLED, story -> {
            ended(story, "several", 0, end -> end(end, end.outcome(), true, end.spots()));
            ended(story, "several", 1, end -> end(end, end.outcome(), false, end.spots()));
        });
        put("an append is seen, and then acknowledged as new", Rule.DOUBLED, story -> {
            story.append("seen", "player", 1, Outcome.UNKNOWN);
            story.deliver(last(story));
            story.end(story.begin("seen"), Outcome.STORED, false, story.spots("seen"));
        });
        put("an append is acknowledged as new twice at once", Rule.DOUBLED, story -> twoAtOnce(story, false));
        put("an append that stored nothing is there, and nobody has seen it", Rule.REFUSED_BUT_STORED, story -> {
            story.plan("unseen", "player", 1);
            story.attempt("unseen", Outcome.NOTHING);
            story.store("unseen");
        });
        put("an append is seen before an attempt began that may have stored it", Rule.REFUSED_BUT_STORED, story -> {
            story.plan("seen", "player", 1);
            story.attempt("seen", Outcome.NOTHING);
            story.store("seen");
            story.replay(end(story));
            story.repeat("seen");
            story.deliver(last(story));
        });
        put(
                "an append is delivered before an attempt began that may have stored it",
                Rule.REFUSED_BUT_STORED,
                story -> {
                    story.plan("seen", "player", 1);
                    story.attempt("seen", Outcome.NOTHING);
                    story.store("seen");
                    story.deliver(last(story));
                    story.attempt("seen", Outcome.UNKNOWN);
                });
        put("an append that is new when all is calm stores nothing", Rule.UNRESOLVED, story -> {
            story.fresh("hindered");
            story.plan("hindered", "own", 1);
            story.attempt("hindered", Outcome.NOTHING);
        });
        put("an append that is new when all is calm is stale", Rule.UNRESOLVED, story -> {
            story.fresh("hindered");
            story.append("unheard of", "own", 1, Outcome.STORED);
            story.refuse("hindered", "own", 1);
            story.deliver(last(story));
        });
        put("an append that is new when all is calm has no end", Rule.UNRESOLVED, story -> {
            story.fresh("hindered");
            story.plan("hindered", "own", 1);
            story.begin("hindered");
        });
        put("an append that is new when all is calm never begins", Rule.UNRESOLVED, story -> story.fresh("hindered"));
    }

    /** Faults that the store took for refusals. */
    private static void mistakes() {
        String mistaken = "StoreFailure (SQLState 08006, code 7)";
        put(
                "an append takes a fault for a refusal",
                Rule.UNTYPED,
                story -> ended(story, "nothing", 0, end -> end(end, Outcome.NOTHING, mistaken)));
        put(
                "a replay takes a fault for a refusal",
                Rule.UNTYPED,
                story -> story.calls.add(new Note.Failed(story.now(), "replay", false, mistaken)));
        put(
                "a tail takes a fault for a refusal",
                Rule.UNTYPED,
                story -> story.tail.add(new Note.Failed(story.now(), "tail", false, mistaken)));
        put(
                "a failure has no reason",
                Rule.UNTYPED,
                story -> story.calls.add(new Note.Failed(story.now(), "replay", false, "StoreFailure")));
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

    @Test
    void copiesThatOverlapMayBeAnsweredInAnyOrder() {
        Story story = Story.honest();
        twoAtOnce(story, true);
        assertThat(story.check()).isEmpty();
    }

    @Test
    void whatIsExpectedMayBeRefused() {
        Story story = Story.honest();
        String full = "StoreFailure (SQLState 53100, code 0)";
        story.calls.add(new Note.Failed(story.now(), "replay", false, full));
        story.tail.add(new Note.Failed(story.now(), "tail", false, "StoreFailure (SQLState null, code 13)"));
        ended(story, "nothing", 0, end -> end(end, Outcome.NOTHING, full));
        assertThat(story.check(Set.of("SQLState 53100", "code 13"))).isEmpty();
        assertThat(story.check(Set.of("SQLState 5310", "code 1")))
                .extracting(Violation::rule)
                .containsExactly(Rule.UNTYPED, Rule.UNTYPED, Rule.UNTYPED);
    }

    @Test
    void whatBeganBeforeSomebodyKnewMayBeAnywhere() {
        Story story = Story.honest();
        story.plan("slow", "player", 1);
        long began = story.begin("slow");
        story.store("slow");
        story.append("fast", "game", 1, Outcome.STORED);
        story.replay(1);
        story.end(began, Outcome.STORED, false, story.spots("slow"));
        story.tail.clear();
        story.follow();
        assertThat(story.check()).isEmpty();
    }

    @Test
    void aReplayOfNothingIsNoSightOfAnything() {
        Story story = Story.honest();
        story.replay(end(story) + 10);
        story.replay(1);
        assertThat(story.check()).isEmpty();
    }

    @Test
    void allThatAnEventIsIsInItsDigest() {
        UUID id = new UUID(1, 1);
        Fact fact = new Fact(1, id, "entity", 1, null, "name", "key", 0, Digest.of("data"), null);
        List<Fact> others = List.of(
                fact,
                new Fact(2, id, "entity", 1, null, "name", "key", 0, Digest.of("data"), null),
                new Fact(1, new UUID(1, 2), "entity", 1, null, "name", "key", 0, Digest.of("data"), null),
                new Fact(1, id, "entity2", 1, null, "name", "key", 0, Digest.of("data"), null),
                new Fact(1, id, "entity", 2, null, "name", "key", 0, Digest.of("data"), null),
                new Fact(1, id, "entity", 1, id, "name", "key", 0, Digest.of("data"), null),
                new Fact(1, id, "entity", 1, null, "name2", "key", 0, Digest.of("data"), null),
                new Fact(1, id, "entity", 1, null, "name", "key2", 0, Digest.of("data"), null),
                new Fact(1, id, "entity", 1, null, "name", "key", 1, Digest.of("data"), null),
                new Fact(1, id, "entity", 1, null, "name", "key", 0, Digest.of("data2"), null),
                new Fact(1, id, "entity", 1, null, "name", "key", 0, Digest.of("data"), Digest.of("metadata")));
        assertThat(others).extracting(Fact::digest).doesNotHaveDuplicates();
    }

    @Test
    void digestsAreAddedAndSubtractedAsNumbersOf128Bits() {
        Digest one = new Digest(0, 1);
        Digest most = new Digest(0, -1);
        assertThat(most.plus(one)).isEqualTo(new Digest(1, 0));
        assertThat(new Digest(1, 0).minus(one)).isEqualTo(most);
        assertThat(new Digest(-1, -1).plus(one)).isEqualTo(Digest.NONE);
        Digest empty = Digest.of("");
        assertThat(empty).hasToString("e3b0c44298fc1c149afbf4c8996fb924").isEqualTo(Digest.parse(empty.toString()));
        assertThat(empty.plus(most).minus(empty)).isEqualTo(most);
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
        return fact(it, it.position(), it.revision(), it.previousId(), Digest.of(content), it.index());
    }

    private static Fact fact(
            Fact it,
            long position,
            long revision,
            @org.jspecify.annotations.Nullable UUID previous,
            Digest content,
            int index) {
        return new Fact(
                position, it.id(), it.entity(), revision, previous, it.name(), it.key(), index, content, it.metadata());
    }

    private static void facts(Story story, String key, int index, UnaryOperator<Fact> change) {
        story.facts.replaceAll(fact -> is(key, index).test(fact) ? change.apply(fact) : fact);
    }

    private static Ended end(Ended it, Outcome outcome, boolean repeated, List<Spot> spots) {
        return new Ended(it.attempt(), it.at(), outcome, repeated, spots, it.why());
    }

    private static Ended end(Ended it, Outcome outcome, String why) {
        return new Ended(it.attempt(), it.at(), outcome, it.repeated(), it.spots(), why);
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

    private static Began began(Began it, UnaryOperator<Planned> change) {
        return new Began(
                it.attempt(),
                it.at(),
                it.key(),
                it.events().stream().map(change).toList());
    }

    private static Planned planned(Planned it, UUID id) {
        return new Planned(it.entity(), it.revision(), it.previousId(), id, it.name(), it.content());
    }

    private static Fact last(Story story) {
        return story.facts.get(story.facts.size() - 1);
    }

    private static long end(Story story) {
        return last(story).position();
    }

    /** Nobody notes what metadata an append has, so that only readers can know. */
    private static void changeMetadata(Story story) {
        facts(
                story,
                "several",
                1,
                it -> new Fact(
                        it.position(),
                        it.id(),
                        it.entity(),
                        it.revision(),
                        it.previousId(),
                        it.name(),
                        it.key(),
                        it.index(),
                        it.content(),
                        Digest.of("other metadata")));
    }

    /** Of two attempts at one append the later is told that it is new, before the earlier is told. */
    private static void twoAtOnce(Story story, boolean repeated) {
        story.plan("at once", "player", 1);
        long earlier = story.begin("at once");
        long later = story.begin("at once");
        story.store("at once");
        story.end(later, Outcome.STORED, false, story.spots("at once"));
        story.end(earlier, Outcome.STORED, repeated, story.spots("at once"));
        story.deliver(last(story));
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
        story.follow();
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
