package io.sqleventstore.benchmarks;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Clients that do one operation after the other, each on a thread of its own. */
final class LoadMeter implements Meter {
    private final Workload workload;
    private final Settings settings;
    private final Stock stock;
    private final Place place;
    private final int threads;

    LoadMeter(Workload workload, Settings settings, Stock stock, Place place, int threads) {
        this.workload = workload;
        this.settings = settings;
        this.stock = stock;
        this.place = place;
        this.threads = threads;
    }

    /** What one client did. */
    private record Share(double eventsPerSecond, Histogram nanos, Tally tally) {}

    @Override
    public Round measure(Subject subject, int number) throws Exception {
        List<Callable<Share>> tasks = IntStream.range(0, threads)
                .mapToObj(thread -> task(subject, number, thread))
                .toList();
        double rate = 0;
        Histogram nanos = Round.times();
        Tally all = new Tally();
        for (Share share : Threads.run(tasks)) {
            rate += share.eventsPerSecond();
            nanos.add(share.nanos());
            all.add(share.tally());
        }
        return Round.of(rate, nanos, all, 0);
    }

    private Callable<Share> task(Subject subject, int number, int thread) {
        Tally tally = new Tally();
        SplittableRandom random = settings.random(number, thread);
        Operation operation =
                Operation.of(workload, place.client(subject, tally), number + "-" + thread, random, stock);
        return () -> {
            Histogram nanos = Round.times();
            long start = System.nanoTime();
            long events = 0;
            long elapsed = 0;
            while (elapsed < settings.nanos()) {
                events += operation.run();
                long now = System.nanoTime() - start;
                nanos.recordValue(now - elapsed);
                elapsed = now;
            }
            return new Share(events * 1e9 / elapsed, nanos, tally);
        };
    }
}
