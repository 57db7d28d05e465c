package io.sqleventstore;

/**
 * The append key belongs to an append with other content (entities, event names or data). Nothing was stored. Either the
 * key is not unique to the command, or the command is not the same any more.
 */
public final class AppendKeyReused extends EventStoreException {
    private static final long serialVersionUID = 1L;

    private final transient AppendResult original;

    /**
     * Of what the key stands for.
     *
     * @param original what is stored under the key
     */
    public AppendKeyReused(AppendResult original) {
        super(
                "Append key '%s' was used for other content: %d event(s) from position %d on, event id %s; choose another key."
                        .formatted(
                                original.key(),
                                original.heads().size(),
                                original.heads().get(0).position(),
                                original.heads().get(0).eventId()));
        this.original = original;
    }

    /** {@return what is stored under the key} */
    public AppendResult original() {
        return original;
    }
}
