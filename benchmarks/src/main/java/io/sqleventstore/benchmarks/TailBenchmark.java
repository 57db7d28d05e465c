package io.sqleventstore.benchmarks;

import io.sqleventstore.Cursor;
import io.sqleventstore.Selection;
import io.sqleventstore.Tail;
import io.sqleventstore.sql.SqlEventStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How long after its append's return a tail delivers an event, with and without transactions that are rolled back. */
final class TailBenchmark {
    private final Run run;

    TailBenchmark(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        Table table = run.table(
                "Tail: from an append's return to its event's delivery; median (min–max) of " + run.rounds()
                        + " rounds",
                "connections",
                "pace",
                "rolled back",
                "stored, events/s",
                "append p50, ms",
                "lag p50, ms",
                "lag p99, ms",
                "lag max, ms",
                "lag p50 / append p50");
        for (int connections : run.connections()) {
            try (Place place = run.place(connections + 1)) { // the tail's
                measure(table, new Setting(place, connections));
            }
        }
    }

    private void measure(Table table, Setting setting) throws Exception {
        List<Scenario> scenarios = List.of(
                new Scenario(0, 0), new Scenario(0, 10), new Scenario(run.pace(), 0), new Scenario(run.pace(), 10));
        setting.measure(scenarios.get(0)); // warms up
        for (int round = 1; round <= run.rounds(); round++) {
            run.progress("tail, connections: %d, round %d of %d", setting.connections, round, run.rounds());
            for (Scenario scenario : scenarios) {
                scenario.lags.add(setting.measure(scenario));
            }
        }
        scenarios.forEach(scenario -> scenario.print(table, setting.connections));
    }

    /** An event, and when {@link System#nanoTime} its append was called and returned. */
    private record Appended(long position, long calledAt, long returnedAt) {}

    /** A way to write, with what was measured of it. */
    private static final class Scenario {
        private final int pace;
        private final int percentRolledBack;
        private final Lags lags = new Lags();

        /** With so many events per second together, 0 being as many as possible. */
        Scenario(int pace, int percentRolledBack) {
            this.pace = pace;
            this.percentRolledBack = percentRolledBack;
        }

        void print(Table table, int connections) {
            String paced = pace == 0 ? "full speed" : pace + "/s";
            table.row(
                    connections,
                    paced,
                    percentRolledBack + " %",
                    lags.rate.show(0),
                    lags.append.show(2),
                    lags.median.show(2),
                    lags.p99.show(2),
                    lags.greatest.show(2),
                    lags.toAppend.show(2));
        }
    }

    /** Figures of one scenario. */
    private static final class Lags {
        private final Figures rate = new Figures();
        private final Figures append = new Figures();
        private final Figures median = new Figures();
        private final Figures p99 = new Figures();
        private final Figures greatest = new Figures();
        private final Figures toAppend = new Figures();

        void add(Round round) {
            rate.add(round.rate);
            append.add(Figures.percentile(round.appends, 50));
            median.add(Figures.percentile(round.lags, 50));
            p99.add(Figures.percentile(round.lags, 99));
            greatest.add(Figures.percentile(round.lags, 100));
            toAppend.add(median.last() / append.last());
        }
    }

    /** One measurement: events per second, and milliseconds of each event. */
    private record Round(double rate, List<Double> appends, List<Double> lags) {
        static Round of(List<Appended> events, Map<Long, Long> delivered, double seconds) {
            List<Double> appends = new ArrayList<>();
            List<Double> lags = new ArrayList<>();
            for (Appended event : events) {
                @Nullable Long at = delivered.get(event.position());
                if (at == null) {
                    throw new IllegalStateException("The tail did not deliver " + event.position() + ".");
                }
                appends.add((event.returnedAt() - event.calledAt()) / 1e6);
                // a tail may well be faster than the append's way back
                lags.add(Math.max(0, at - event.returnedAt()) / 1e6);
            }
            if (delivered.size() != events.size()) {
                throw new IllegalStateException(
                        delivered.size() + " events were delivered, " + events.size() + " appended.");
            }
            return new Round(events.size() / seconds, appends, lags);
        }
    }

    /** Writers and a tail in one place; each measurement goes on where the one before ended. */
    private final class Setting {
        private final Place place;
        private final int connections;
        private final SqlEventStore store;
        private Cursor cursor = Cursor.START;

        Setting(Place place, int connections) {
            this.place = place;
            this.connections = connections;
            this.store = place.store();
        }

        Round measure(Scenario scenario) throws Exception {
            Tail tail = store.tail(Selection.all(), cursor);
            Follower follower = new Follower(tail);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<Map<Long, Long>> following = thread.submit(follower);
                List<Appended> events = write(scenario);
                follower.stopAt(
                        events.stream().mapToLong(Appended::position).max().orElse(0));
                Map<Long, Long> delivered = following.get();
                cursor = tail.cursor();
                return Round.of(events, delivered, run.seconds());
            } finally {
                thread.shutdownNow();
            }
        }

        private List<Appended> write(Scenario scenario) throws Exception {
            List<Callable<List<Appended>>> tasks = IntStream.range(0, connections)
                    .mapToObj(number -> task(scenario, number))
                    .toList();
            return Threads.run(tasks).stream().flatMap(List::stream).toList();
        }

        private Callable<List<Appended>> task(Scenario scenario, int number) {
            LibraryWriter writer = new LibraryWriter(store);
            Random random = new Random(number);
            long interval = scenario.pace == 0 ? 0 : connections * 1_000_000_000L / scenario.pace;
            return () -> {
                List<Appended> events = new ArrayList<>();
                long start = System.nanoTime();
                long due = start + interval * number / connections; // writers take turns
                for (; System.nanoTime() - start < run.nanos(); due += interval) {
                    waitUntil(due);
                    if (random.nextInt(100) < scenario.percentRolledBack) {
                        writer.appendInVain(place.pool());
                    } else {
                        events.add(append(writer));
                    }
                }
                return events;
            };
        }
    }

    private static void waitUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Appended append(LibraryWriter writer) throws SQLException {
        long calledAt = System.nanoTime();
        writer.append();
        return new Appended(writer.position(), calledAt, System.nanoTime());
    }
}
