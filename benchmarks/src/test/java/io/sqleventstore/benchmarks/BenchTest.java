package io.sqleventstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That it runs and tells what it measured; what it measures here means nothing. */
class BenchTest {
    @TempDir
    private Path temp;

    private Address address() {
        return new Address("jdbc:sqlite:" + temp.resolve("new.db"), null, null);
    }

    private static Settings settings() {
        return settings(0);
    }

    private static Settings settings(long ledgerEvents) {
        return new Settings(Bench.workloads(), List.of(2), 0.02, 1, 0, 200, 200, 0, ledgerEvents, true, 7);
    }

    /** Keeps what it is told. */
    static final class Heard implements Bench.Listener {
        private final Map<String, String> facts = new LinkedHashMap<>();
        private final List<Result> results = new ArrayList<>();
        private final List<Report> reports = new ArrayList<>();
        private Consumer<String> progress = what -> {};

        Map<String, String> facts() {
            return facts;
        }

        @Override
        public void began(Map<String, String> all) {
            facts.putAll(all);
        }

        @Override
        public void progress(String what) {
            assertThat(what).isNotEmpty();
            progress.accept(what);
        }

        @Override
        public void measured(List<Result> some, Report soFar) {
            results.addAll(some);
            reports.add(soFar);
            assertThat(soFar.results()).isEqualTo(results);
        }
    }

    @Test
    void every_workload_is_measured_and_reported_and_nothing_is_left_behind() throws Exception {
        Heard heard = new Heard();
        Report report = new Bench(address(), settings(), List.of(), heard).run();
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left).isEmpty();
        }
        Path page = ReportFiles.write(report, temp.resolve("report"));

        assertThat(heard.results).isEqualTo(report.results());
        assertThat(heard.reports).hasSameSizeAs(Bench.workloads()).last().isEqualTo(report);
        assertThat(heard.facts)
                .isEqualTo(report.facts())
                .containsEntry("PRAGMA synchronous", "2")
                .containsEntry("seed", "7")
                .containsKeys("server", "driver", "machine", "JVM", "CPUs for this JVM");
        assertJson(JsonMapper.shared().readTree(temp.resolve("report/results.json")));
        assertPage(Jsoup.parse(Files.readString(page)));
    }

    @Test
    void every_workload_is_measured_in_a_ledger_that_has_events_before_and_the_tables_are_weighed() throws Exception {
        Report report = new Bench(address(), settings(2_500), List.of(), new Heard()).run();
        Path page = ReportFiles.write(report, temp.resolve("report"));

        assertJson(JsonMapper.shared().readTree(temp.resolve("report/results.json")));
        JsonNode sizes = JsonMapper.shared().readTree(temp.resolve("report/sizes.json"));
        sizes.forEach(BenchTest::assertSize);
        assertThat(sizes.findValuesAsString("subject"))
                .as("tables and indexes")
                .isEqualTo(Stream.of("library", "floorA", "floorB")
                        .flatMap(label -> Collections.nCopies(label.equals("floorB") ? 3 : 4, label).stream())
                        .toList());
        assertThat(sizes.get(0).get("part").asString()).isEqualTo("event_ledger");
        assertThat(sizes.get(1).get("part").asString()).isEqualTo("event_id");
        assertThat(Jsoup.parse(Files.readString(page)).select("section > table"))
                .hasSize(Bench.workloads().size() + 1);
    }

    @Test
    void a_ledger_is_filled_once_for_all_workloads_and_what_they_store_is_added_to_it() throws Exception {
        Heard heard = new Heard();
        List<String> filled = new ArrayList<>();
        heard.progress = what -> {
            if (what.contains(" has ")) {
                filled.add(what);
            }
        };
        Report report = new Bench(address(), settings(2_500), List.of(), heard).run();

        assertThat(filled).hasSameSizeAs(Subject.OWN);
        assertThat(report.sizes())
                .allSatisfy(size -> assertThat(size.eventsAfter())
                        .as("%s, with 200 of each replay and a thousand of one append", size)
                        .isGreaterThan(size.eventsBefore() + 2 * 200 + 1_000));
    }

    @Test
    void without_floors_the_library_alone_is_measured_and_there_are_no_ratios() throws Exception {
        Settings settings = new Settings(Bench.workloads(), List.of(1), 0.02, 1, 0, 200, 200, 0, 2_500, false, 7);
        Report report = new Bench(address(), settings, List.of(), new Heard()).run();
        Path page = ReportFiles.write(report, temp.resolve("report"));

        assertThat(report.facts()).containsEntry("floors", "not measured");
        assertThat(report.results()).hasSameSizeAs(Bench.workloads()).allSatisfy(result -> {
            assertThat(result.subject()).isEqualTo(Subject.LIBRARY);
            assertThat(result.eventsPerSecond().median()).isPositive();
            assertThat(result.floorA()).isNull();
            assertThat(result.floorB()).isNull();
        });
        assertThat(report.sizes()).extracting(Size::subject).containsOnly(Subject.LIBRARY);
        JsonNode results = JsonMapper.shared().readTree(temp.resolve("report/results.json"));
        assertThat(results.get(0).get("floorA").isNull()).isTrue();
        assertThat(Jsoup.parse(Files.readString(page)).select("section > h2").eachText())
                .hasSize(Bench.workloads().size() + 1)
                .doesNotContain("The library, as a multiple of the floors");
    }

    private static void assertSize(JsonNode size) {
        assertThat(size.get("eventsBefore").asLong()).isGreaterThanOrEqualTo(2_500);
        assertThat(size.get("eventsAfter").asLong())
                .isGreaterThanOrEqualTo(size.get("eventsBefore").asLong());
        assertThat(size.get("bytesBefore").asLong()).isGreaterThan(2_500 * 16);
        assertThat(size.get("bytesAfter").asLong())
                .isGreaterThanOrEqualTo(size.get("bytesBefore").asLong());
    }

    private static void assertJson(JsonNode results) {
        Map<String, Map<String, JsonNode>> workloads = new LinkedHashMap<>();
        for (JsonNode each : results) {
            workloads
                    .computeIfAbsent(each.get("workload").asString(), name -> new LinkedHashMap<>())
                    .put(each.get("subject").asString(), each);
        }
        assertThat(workloads.keySet()).containsExactlyElementsOf(Bench.workloads());
        workloads.values().forEach(BenchTest::assertResults);
    }

    private static void assertResults(Map<String, JsonNode> subjects) {
        assertThat(subjects).containsOnlyKeys("library", "floorA", "floorB");
        double floorA = rate(subjects.get("floorA"));
        double floorB = rate(subjects.get("floorB"));
        subjects.values().forEach(each -> {
            assertThat(each.get("threads").asInt()).isBetween(1, 2);
            assertThat(each.get("batch").asInt()).isPositive();
            assertThat(rate(each))
                    .isPositive()
                    .isBetween(
                            each.get("eventsPerSecondLeast").asDouble(),
                            each.get("eventsPerSecondGreatest").asDouble());
            assertThat(each.get("p99Micros").asDouble())
                    .isGreaterThanOrEqualTo(each.get("p50Micros").asDouble());
            assertRatio(each.get("floorA").asDouble(), rate(each) / floorA);
            assertRatio(each.get("floorB").asDouble(), rate(each) / floorB);
            assertBytes(each.get("workload").asString(), each.get("bytesPerEvent"));
        });
    }

    private static void assertBytes(String workload, JsonNode bytesPerEvent) {
        if (countsBytes(workload)) {
            assertThat(bytesPerEvent.asLong()).as(workload).isGreaterThan(Client.DATA.length());
        } else {
            assertThat(bytesPerEvent.isNull()).as(workload).isTrue();
        }
    }

    private static boolean countsBytes(String workload) {
        return !workload.matches("tail-.*|cold-start-.*");
    }

    /** Both are rounded. */
    private static void assertRatio(double told, double expected) {
        assertThat(told).isCloseTo(expected, within(0.001 + expected * 0.01));
    }

    private static double rate(JsonNode result) {
        return result.get("eventsPerSecond").asDouble();
    }

    private static void assertPage(Document page) {
        assertThat(page.select("section > h2").eachText())
                .hasSize(1 + Bench.workloads().size())
                .allSatisfy(title -> assertThat(title.replaceFirst(", 2 threads", ""))
                        .isIn(Stream.concat(
                                        Bench.workloads().stream(),
                                        Stream.of("The library, as a multiple of the floors"))
                                .toList()));
        assertThat(page.select("figure > svg")).hasSize(1 + Bench.workloads().size());
        assertThat(page.select("td:last-child").eachText()) // without the empty ones
                .hasSize(Subject.OWN.size()
                        * Math.toIntExact(Bench.workloads().stream()
                                .filter(BenchTest::countsBytes)
                                .count()))
                .allMatch(bytes -> bytes.matches("[0-9,]{3,}"));
        assertThat(page.select("th:last-child").eachText()).containsOnly("bytes/event");
        assertThat(page.select("script, img, iframe, [src], link:not([href^='data:'])"))
                .isEmpty();
        assertThat(page.select("style").first().data())
                .contains("prefers-color-scheme: dark")
                .doesNotContain("url(");
    }

    @Test
    void an_event_that_was_counted_and_is_not_there_fails_the_run() throws Exception {
        try (Place place = Place.create(address(), 2, 0)) {
            Settings settings = settings();
            Stock stock = new Stock(settings.events(), settings.seed(), 0, 1);
            Meter honest = new LoadMeter(Workload.ONE_WRITER, settings, stock, place, 1);
            Meter losing = (subject, number) -> {
                Round round = honest.measure(subject, number);
                place.execute("DELETE FROM bare WHERE position = (SELECT max(position) FROM bare)");
                return round;
            };
            Contest contest = new Contest(settings, Workload.ONE_WRITER, 1, place, losing, what -> {});

            assertThatThrownBy(() -> contest.run(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("counted in bare (floorB)");
        }
    }

    @Test
    void bytes_are_those_of_an_event_and_not_of_an_append() throws Exception {
        try (Place place = Place.create(address(), 2, 0)) {
            Settings settings = settings();
            Stock stock = new Stock(settings.events(), settings.seed(), 0, 1);
            LoadMeter meter = new LoadMeter(Workload.BATCH_1000, settings, stock, place, 1);
            for (Subject subject : Subject.OWN) {
                meter.measure(subject, 1); // what is loaded at first is no event's
                assertThat(meter.measure(subject, 2).bytesPerEvent())
                        .as(subject.label())
                        .isBetween(500.0, 50_000.0);
            }
        }
    }

    @Test
    void an_idle_tail_looks_again_and_again_and_fails_the_run_when_it_is_delivered_an_event() throws Exception {
        try (Place place = Place.create(address(), 1, 0)) {
            Meter late = (subject, number) -> {
                Thread.sleep(600); // by now all have found nothing twice
                Tally tally = new Tally();
                place.client(subject, tally).append("late", 1);
                Thread.sleep(600);
                return Round.of(1, Round.times(), tally, 0);
            };
            Meter followed = new IdleTailsMeter(late, place, Place.ENTITY);
            Meter idle = new IdleTailsMeter(late, place, Place.OTHER_ENTITY);
            for (Subject subject : Subject.OWN) {
                assertThatThrownBy(() -> followed.measure(subject, 1))
                        .as(subject.label())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageMatching("[1-9]\\d* of 100 idle tails were delivered events\\.");
                assertThat(idle.measure(subject, 2).appended())
                        .as(subject.label())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void a_history_with_a_hole_fails_the_run() throws Exception {
        try (Place place = Place.create(address(), 1, 0)) {
            place.client(Subject.LIBRARY, new Tally()).append("holed", 3);
            place.client(Subject.FLOOR_A, new Tally()).append("whole", 3);
            Check.linear(place, Subject.LIBRARY);
            place.execute("DROP TRIGGER event_ledger_no_delete");
            place.execute("DELETE FROM event_ledger WHERE revision = 2");

            Check.linear(place, Subject.FLOOR_A);
            assertThatThrownBy(() -> Check.linear(place, Subject.LIBRARY))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("entities have revisions other than");
        }
    }

    @Test
    void who_is_too_late_appends_after_what_others_have_stored() throws Exception {
        try (Place place = Place.create(address(), 2, 0)) {
            for (Subject subject : List.of(Subject.LIBRARY, Subject.FLOOR_A)) {
                Tally late = new Tally();
                Client first = place.client(subject, new Tally());
                Client second = place.client(subject, late);
                first.append("shared", 2);
                second.append("shared", 3);

                assertThat(late.refusals()).as(subject.label()).isEqualTo(1);
                assertThat(first.replay("shared")).as(subject.label()).isEqualTo(5);
                Check.stored(place, subject, 5);
                Check.linear(place, subject);
            }
        }
    }

    @Test
    void a_run_that_is_stopped_fails_and_leaves_nothing_behind() {
        Heard heard = new Heard();
        Bench bench = new Bench(address(), settings(), List.of(), heard);
        heard.progress = what -> {
            if (what.startsWith("hot-entity, threads: 2, round 1")) {
                bench.stop();
            }
        };

        assertThatThrownBy(bench::run).isInstanceOf(IllegalStateException.class).hasMessage("The run was stopped.");
        assertThat(temp).isEmptyDirectory();
        assertThat(heard.results).isNotEmpty().extracting(Result::workload).doesNotContain("hot-entity");
        assertThatThrownBy(bench::run).as("once more").hasMessage("The run was stopped.");
    }

    @Test
    void a_file_that_exists_is_not_touched() throws IOException {
        Path file = Files.writeString(temp.resolve("new.db"), "precious");

        assertThatThrownBy(() -> new Bench(address(), settings(), List.of(), new Heard()).run())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("new.db exists");
        assertThat(file).hasContent("precious");
    }
}
