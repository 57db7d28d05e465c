package io.sqleventstore;

/**
 * What is imported doesn't fit: the ledger has something else at one of its positions, or something beyond its end, or what is imported
 * is no whole ledger itself. Of what came before, all is stored; import into an empty ledger, or repeat the import that was begun there.
 */
public final class ImportRefused extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * With where and why.
     *
     * @param message which entry, and why
     */
    public ImportRefused(String message) {
        super(message);
    }
}
