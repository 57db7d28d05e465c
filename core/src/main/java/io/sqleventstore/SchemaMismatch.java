package io.sqleventstore;

/** The tables in the database are missing, older or newer than this library, or not as it left them. */
public final class SchemaMismatch extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * With what is wrong and how to mend it.
     *
     * @param message what was found, and what to do
     */
    public SchemaMismatch(String message) {
        super(message);
    }
}
