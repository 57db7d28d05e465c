package io.sqleventstore.conformance;

import io.sqleventstore.EventStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs tasks against each other from a barrier, each wait bounded, every task joined. */
final class Race {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private Race() {}

    /**
     * How a task ended; one of the two is null.
     *
     * @param value what it returned
     * @param refusal what the store threw
     */
    record Outcome<T>(@Nullable T value, @Nullable EventStoreException refusal) {
        boolean won() {
            return refusal == null;
        }
    }

    /** A task by its number, from 0. */
    interface Task<T> {
        T run(int number) throws Exception;
    }

    /** Starts so many at once; whatever is thrown but the store's own exceptions fails the test. */
    static <T> List<Outcome<T>> run(int tasks, Task<T> task) {
        return run(tasks, LONGEST, task);
    }

    /** As {@link #run(int, Task)}, with tasks that take so long at most. */
    static <T> List<Outcome<T>> run(int tasks, Duration longest, Task<T> task) {
        Rounds.add();
        ExecutorService pool = Executors.newFixedThreadPool(tasks);
        CyclicBarrier barrier = new CyclicBarrier(tasks);
        try {
            List<Future<Outcome<T>>> running = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                int number = i;
                running.add(pool.submit(() -> outcome(barrier, () -> task.run(number))));
            }
            List<Outcome<T>> outcomes = new ArrayList<>();
            for (Future<Outcome<T>> each : running) {
                outcomes.add(each.get(longest.toSeconds(), TimeUnit.SECONDS));
            }
            return outcomes;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("a task of the race did not end well", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static <T> Outcome<T> outcome(CyclicBarrier barrier, Callable<T> task) throws Exception {
        try {
            barrier.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
        }
        try {
            return new Outcome<>(task.call(), null);
        } catch (EventStoreException e) {
            return new Outcome<>(null, e);
        }
    }
}
