package io.sqleventstore;

/** The tables in the database are missing, older or newer than this library, or not as it left them. */
public final class SchemaMismatch extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /** With what is wrong and how to mend it. */
    public SchemaMismatch(String message) {
        super(message);
    }
}
