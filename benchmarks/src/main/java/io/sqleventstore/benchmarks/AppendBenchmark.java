package io.sqleventstore.benchmarks;

import io.sqleventstore.sql.SqlEventStore;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Events per second, one event a transaction: by hand without constraints, by hand into our schema, by the library. */
final class AppendBenchmark {
    private static final int WARM_UP_PASSES_AT_MOST = 10;

    /** Milliseconds of compilation per second of work below which the compiler counts as idle. */
    private static final long IDLE = 20;

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private final Run run;

    AppendBenchmark(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        Table table = run.table(
                "Append: one event of 500 bytes a transaction; median (min–max) of " + run.rounds() + " rounds",
                "connections",
                "(a) naive, events/s",
                "(b) our schema by hand, events/s",
                "(c) library, events/s",
                "c/a",
                "c/b");
        warmUp();
        for (int connections : run.connections()) {
            try (Place place = run.place(connections)) {
                measure(table, place, connections);
            }
        }
    }

    /** Until the library, which has the most code of the three, is compiled; with many threads that is soonest. */
    private void warmUp() throws Exception {
        int connections = Collections.max(run.connections());
        try (Place place = run.place(connections)) {
            List<Contestant> all = contestants(place);
            for (int pass = 1; pass <= WARM_UP_PASSES_AT_MOST; pass++) {
                run.progress("append, warming up, pass %d", pass);
                if (isWarm(all, connections)) {
                    break;
                }
            }
        }
    }

    /** Whether the compiler had nearly nothing to do while all worked. */
    private static boolean isWarm(List<Contestant> all, int connections) throws Exception {
        long start = System.nanoTime();
        long compiled = COMPILER.getTotalCompilationTime();
        for (Contestant contestant : all) {
            contestant.rate(connections);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return (COMPILER.getTotalCompilationTime() - compiled) / seconds < IDLE;
    }

    private List<Contestant> contestants(Place place) {
        SqlEventStore store = place.store();
        return List.of(
                raw(place, place.naiveTable()),
                raw(place, place.ledger()),
                new Contestant(() -> new LibraryWriter(store)));
    }

    private void measure(Table table, Place place, int connections) throws Exception {
        List<Contestant> all = contestants(place);
        Contestant naive = all.get(0);
        Contestant byHand = all.get(1);
        Contestant library = all.get(2);
        for (Contestant contestant : all) {
            contestant.rate(connections); // the place's caches and connections are filled
        }
        Figures toNaive = new Figures();
        Figures toByHand = new Figures();
        for (int round = 1; round <= run.rounds(); round++) {
            run.progress("append, connections: %d, round %d of %d", connections, round, run.rounds());
            for (Contestant contestant : all) {
                contestant.rates.add(contestant.rate(connections));
            }
            toNaive.add(library.rates.last() / naive.rates.last());
            toByHand.add(library.rates.last() / byHand.rates.last());
        }
        check(place.naiveTable(), naive.appended.get(), place);
        check(place.ledger(), byHand.appended.get() + library.appended.get(), place);
        table.row(
                connections,
                naive.rates.show(0),
                byHand.rates.show(0),
                library.rates.show(0),
                toNaive.show(2),
                toByHand.show(2));
    }

    private Contestant raw(Place place, String table) {
        String sql = RawWriter.sql(place.dialect(), table);
        return new Contestant(() -> new RawWriter(place.pool(), place.dialect(), sql));
    }

    /** Figures of events that were not stored would be worth nothing. */
    private static void check(String table, long appended, Place place) throws SQLException {
        long stored = Long.parseLong(place.ask("SELECT count(*) FROM " + table));
        if (stored != appended) {
            throw new IllegalStateException(
                    appended + " events were appended to " + table + ", it has " + stored + ".");
        }
    }

    /** One way to append, with what was measured of it. */
    private final class Contestant {
        private final Supplier<Writer> writers;
        private final AtomicLong appended = new AtomicLong();
        private final Figures rates = new Figures();

        Contestant(Supplier<Writer> writers) {
            this.writers = writers;
        }

        /** Events per second of so many threads together. */
        double rate(int threads) throws Exception {
            List<Callable<Double>> tasks =
                    Stream.generate(() -> task(writers.get())).limit(threads).toList();
            return Threads.run(tasks).stream().mapToDouble(rate -> rate).sum();
        }

        private Callable<Double> task(Writer writer) {
            return () -> {
                long start = System.nanoTime();
                long events = 0;
                long elapsed = 0;
                while (elapsed < run.nanos()) {
                    writer.append();
                    events++;
                    elapsed = System.nanoTime() - start;
                }
                appended.addAndGet(events);
                return events * 1e9 / elapsed;
            };
        }
    }
}
