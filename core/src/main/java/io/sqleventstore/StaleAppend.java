package io.sqleventstore;

/**
 * The append names a previous event that is not the entity's newest: somebody else was faster, or the head was made up.
 * Nothing was stored. Replay what is new, decide again, append after the current head.
 */
public final class StaleAppend extends EventStoreException {
    private static final long serialVersionUID = 1L;

    private final transient Head expected;
    private final transient Head current;

    /**
     * Of the head that was named and the one that the entity has.
     *
     * @param expected the head that the append named
     * @param current the entity's head when the append was refused
     */
    public StaleAppend(Head expected, Head current) {
        super(
                "%s is at revision %d (event %s), the append follows revision %d (event %s); replay, decide again, append again."
                        .formatted(
                                expected.entity(),
                                current.revision(),
                                current.eventId(),
                                expected.revision(),
                                expected.eventId()));
        this.expected = expected;
        this.current = current;
    }

    /** {@return the head that the append named} */
    public Head expected() {
        return expected;
    }

    /** {@return the entity's head when the append was refused} */
    public Head current() {
        return current;
    }
}
