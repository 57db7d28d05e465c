package io.sqleventstore.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One workload by the library, both floors and the rivals that are there, in turn. */
final class Contest {
    private final Settings settings;
    private final Workload workload;
    private final int threads;
    private final Place place;
    private final Meter meter;
    private final Consumer<String> progress;
    private final List<Contestant> contestants;
    private int measurements;

    Contest(Settings settings, Workload workload, int threads, Place place, Meter meter, Consumer<String> progress) {
        this.settings = settings;
        this.workload = workload;
        this.threads = threads;
        this.place = place;
        this.meter = meter;
        this.progress = progress;
        this.contestants = place.subjects().stream().map(Contestant::new).toList();
    }

    /** Measures, with so many events in an operation, and gives a result for each subject. */
    List<Result> run(int batch) throws Exception {
        for (Contestant each : contestants) {
            each.counted = place.stored(each.subject);
        }
        warmUp();
        for (int round = 1; round <= settings.rounds(); round++) {
            tell("round %d of %d", round, settings.rounds());
            round(round);
        }
        for (Contestant each : contestants) {
            Check.linear(place, each.subject);
        }
        return results(batch);
    }

    private void warmUp() throws Exception {
        WarmUp warmUp = new WarmUp();
        boolean done = false;
        for (int pass = 1; pass <= settings.warmUps() && !done; pass++) {
            tell("warming up, pass %d", pass);
            round(pass);
            done = warmUp.isDone();
        }
        contestants.forEach(each -> each.rounds.clear());
    }

    /** All six orders of three in turn, of more as many twice as there are: who comes after whom must not decide. */
    private void round(int number) throws Exception {
        measurements++;
        List<Contestant> turns = new ArrayList<>(contestants);
        Collections.rotate(turns, number);
        if (number % (2 * turns.size()) >= turns.size()) {
            Collections.reverse(turns);
        }
        for (Contestant each : turns) {
            each.measure();
        }
    }

    private void tell(String format, Object... values) {
        progress.accept(
                "%s, threads: %d, %s".formatted(workload.label(), threads, String.format(Locale.ROOT, format, values)));
    }

    private List<Result> results(int batch) {
        return contestants.stream().map(each -> each.result(batch)).toList();
    }

    private Optional<Double> median(Subject subject) {
        return contestants.stream()
                .filter(each -> each.subject.equals(subject))
                .findFirst()
                .map(each -> each.eventsPerSecond().median());
    }

    /** A subject, with what was measured of it. */
    private final class Contestant {
        private final Subject subject;
        private final List<Round> rounds = new ArrayList<>();
        private long counted;

        Contestant(Subject subject) {
            this.subject = subject;
        }

        void measure() throws Exception {
            Round round = meter.measure(subject, measurements);
            counted += round.appended();
            Check.stored(place, subject, counted);
            rounds.add(round);
        }

        Figures eventsPerSecond() {
            return Figures.of(rounds.stream().map(Round::eventsPerSecond).toList());
        }

        Result result(int batch) {
            Figures rates = eventsPerSecond();
            return new Result(
                    workload.label(),
                    subject,
                    threads,
                    batch,
                    rates,
                    Figures.of(rounds.stream().map(Round::p50Micros).toList()),
                    Figures.of(rounds.stream().map(Round::p99Micros).toList()),
                    ratioTo(Subject.FLOOR_A),
                    ratioTo(Subject.FLOOR_B),
                    median(Subject.LIBRARY).orElseThrow() / rates.median(),
                    rounds.stream().mapToLong(Round::refused).sum(),
                    rounds.stream().mapToLong(Round::missed).sum(),
                    bytesPerEvent());
        }

        private @Nullable Double ratioTo(Subject floor) {
            return median(floor).map(its -> eventsPerSecond().median() / its).orElse(null);
        }

        private @Nullable Double bytesPerEvent() {
            List<Double> known = rounds.stream()
                    .map(Round::bytesPerEvent)
                    .filter(Objects::nonNull)
                    .toList();
            return known.isEmpty() ? null : Figures.of(known).median();
        }
    }
}
