package io.sqleventstore;

/** The ledger breaks a rule that its constraints keep: somebody switched them off. {@code verify} lists what is wrong. */
public final class LedgerDamaged extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * With where.
     *
     * @param message where, and what is missing
     */
    public LedgerDamaged(String message) {
        super(message);
    }
}
