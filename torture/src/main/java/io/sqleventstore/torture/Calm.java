package io.sqleventstore.torture;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the faults are over. */
final class Calm {
    private final CountDownLatch latch = new CountDownLatch(1);

    boolean isThere() {
        return latch.getCount() == 0;
    }

    void declare() {
        latch.countDown();
    }

    /** Waits until it is there, so long at most. */
    void await(long millis) {
        try {
            latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
