package io.sqleventstore.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** What a thread takes from the heap from a moment on, whether or not it is free again. */
final class Allocation {
    private final OptionalLong before = ofThisThread();

    /** So many bytes since this was made by the same thread; empty where the JVM doesn't count them. */
    OptionalLong bytes() {
        OptionalLong now = ofThisThread();
        return before.isPresent() && now.isPresent()
                ? OptionalLong.of(now.getAsLong() - before.getAsLong())
                : OptionalLong.empty();
    }

    private static OptionalLong ofThisThread() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                        && threads.isThreadAllocatedMemorySupported()
                        && threads.isThreadAllocatedMemoryEnabled()
                ? OptionalLong.of(
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId()))
                : OptionalLong.empty();
    }
}
