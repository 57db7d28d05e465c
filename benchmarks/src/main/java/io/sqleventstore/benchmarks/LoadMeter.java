package io.sqleventstore.benchmarks;

import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

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

    /** What one client did, and how many bytes its thread has allocated for that. */
    private record Share(long events, double eventsPerSecond, Histogram nanos, Tally tally, OptionalLong bytes) {}

    @Override
    public Round measure(Subject subject, int number) throws Exception {
        List<Callable<Share>> tasks = IntStream.range(0, threads)
                .mapToObj(thread -> task(subject, number, thread))
                .toList();
        double rate = 0;
        Histogram nanos = Round.times();
        Tally all = new Tally();
        List<Share> shares = Threads.run(tasks);
        for (Share share : shares) {
            rate += share.eventsPerSecond();
            nanos.add(share.nanos());
            all.add(share.tally());
        }
        return Round.of(rate, nanos, all, 0).withBytesPerEvent(bytesPerEvent(shares));
    }

    /** Of all clients together: one of them may have stored what others appended. */
    private static @Nullable Double bytesPerEvent(List<Share> shares) {
        long events = 0;
        long bytes = 0;
        for (Share share : shares) {
            if (share.bytes().isEmpty()) {
                return null;
            }
            events += share.events();
            bytes += share.bytes().getAsLong();
        }
        return (double) bytes / events;
    }

    private Callable<Share> task(Subject subject, int number, int thread) {
        Tally tally = new Tally();
        SplittableRandom random = settings.random(number, thread);
        String own = place.contest() + "-" + number + "-" + thread;
        Operation operation =
                Operation.of(workload, place.client(subject, tally), own, random, stock, place.before(subject));
        return () -> {
            Histogram nanos = Round.times();
            Allocation allocation = new Allocation();
            long start = System.nanoTime();
            long events = 0;
            long elapsed = 0;
            while (elapsed < settings.nanos()) {
                events += operation.run();
                long now = System.nanoTime() - start;
                nanos.recordValue(now - elapsed);
                elapsed = now;
            }
            return new Share(events, events * 1e9 / elapsed, nanos, tally, allocation.bytes());
        };
    }
}
