package io.sqleventstore.torture;

/** What a client knows of an attempt to append. */
enum Outcome {
    /** The store, or the commit of the transaction that it had joined, said that the append is stored. */
    STORED,
    /** It was refused or rolled back: it is not stored, and never will be. */
    REFUSED,
    /** The attempt failed and, as the store says, stored nothing. */
    NOTHING,
    /** It may be stored or not. */
    UNKNOWN,
    /** The store did what its contract doesn't allow, whatever became of the append. */
    BROKEN
}
