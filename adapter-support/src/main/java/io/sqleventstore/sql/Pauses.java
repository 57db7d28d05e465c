package io.sqleventstore.sql;

import io.sqleventstore.StoreUnavailable;
import java.time.Duration;

/** Waiting that can be interrupted. */
final class Pauses {
    private Pauses() {}

    /** Sleeps; an interruption keeps the thread's flag and ends the call. */
    static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("Interrupted while waiting; nothing was stored.", false, e);
        }
    }
}
