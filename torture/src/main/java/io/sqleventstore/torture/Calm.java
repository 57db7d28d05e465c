package io.sqleventstore.torture;

import java.util.concurrent.CountDownLatch;

/** Whether the faults are over. */
final class Calm {
    private final CountDownLatch latch = new CountDownLatch(1);

    boolean isThere() {
        return latch.getCount() == 0;
    }

    void declare() {
        latch.countDown();
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
