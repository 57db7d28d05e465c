package io.sqleventstore.benchmarks;

import java.sql.SQLException;
import java.util.Collections;
import java.util.UUID;

/** Through another store. */
final class RivalClient implements Client {
    /** Only tails ask for an id, in which rivals have no part. */
    private static final UUID NO_ID = new UUID(0, 0);

    private final Rival.Worker rival;
    private final Tally tally;

    RivalClient(Rival.Worker rival, Tally tally) {
        this.rival = rival;
        this.tally = tally;
    }

    @Override
    public UUID append(String key, int events) throws SQLException {
        tally.refused(rival.append(key, Collections.nCopies(events, DATA)));
        tally.appended(events);
        return NO_ID;
    }

    @Override
    public void appendInVain(String key) {
        throw new UnsupportedOperationException("Rivals have no part in tails.");
    }

    @Override
    public long replay(String key) throws SQLException {
        return rival.replay(key);
    }

    @Override
    public void resume(String key) {
        throw new UnsupportedOperationException("Rivals' tables are not filled before.");
    }

    /** All that it has: its tables are not filled before. */
    @Override
    public long replayAll(long after) throws SQLException {
        return rival.replayAll();
    }
}
