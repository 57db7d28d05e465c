package io.sqleventstore;

/**
 * A replay could not be answered in time: a writer still holds a position below its end, or nobody with the right to do so settled
 * it. Nothing is wrong with the ledger; try again, and look for a transaction that is left open.
 */
public final class PositionUndecided extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /** The position. */
    private final long position;

    /**
     * Of the position, and why it isn't settled.
     *
     * @param position the position
     * @param reason who holds it, as far as is known
     */
    public PositionUndecided(long position, String reason) {
        super("Position " + position + " is not decided: " + reason);
        this.position = position;
    }

    /** {@return the position} */
    public long position() {
        return position;
    }
}
