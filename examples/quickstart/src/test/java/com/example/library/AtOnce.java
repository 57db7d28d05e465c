package com.example.library;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Runs a task in several threads that start together. */
final class AtOnce {
    static final int THREADS = 8;

    private AtOnce() {}

    /** What the tasks, numbered from 0, returned; what one of them threw fails the test. */
    static <T> List<T> run(IntFunction<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                running.add(pool.submit(() -> {
                    barrier.await(5, TimeUnit.MINUTES);
                    return task.apply(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(5, TimeUnit.MINUTES));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Whether no rule forbids it. */
    static boolean isAllowed(Runnable command) {
        try {
            command.run();
            return true;
        } catch (Refused e) {
            return false;
        }
    }
}
