package io.sqleventstore.torture;

/**
 * Something that must not be.
 *
 * @param rule which rule it breaks
 * @param what where, and what was found in place of what
 */
public record Violation(Rule rule, String what) {
    /** What a history has to keep, each with the clauses of the contract that promise it. */
    public enum Rule {
        /** An acknowledged append is stored. */
        LOST("ATM-1, ERR-3"),
        /** An append is stored once, whole. */
        DOUBLED("DUP-1, DUP-3, DUP-5"),
        /** What is stored is what was to be stored, with the ids that were chosen, where the answer said it is. */
        CONTENT("RPL-1, DUP-1"),
        /** A refused append, or one that stored nothing, is not stored; nor is there what nobody may have stored yet. */
        REFUSED_BUT_STORED("ATM-1, ERR-3"),
        /** Every event of the ledger is of an append that somebody tried. */
        INVENTED("ATM-1"),
        /** An entity's events are one line. */
        FORKED("ORD-1, ORD-2, ORD-4, ORD-5"),
        /** An append that began after another was acknowledged, or read by somebody, comes after it. */
        REAL_TIME("ORD-5"),
        /** A refusal as stale names a head that was there, later than the one the append was after and not older than what was known. */
        STALE("ORD-2, DUP-4"),
        /** A tail delivers every event once, whole, in the ledger's order. */
        TAIL("TAIL-1, RPL-1"),
        /** A replay is what the ledger has there in the end, and has what was acknowledged, or read by somebody, before it. */
        REPLAY("RPL-1, RPL-2, RPL-3"),
        /** Every position up to the last has an event or is void. */
        POSITIONS("TAIL-2"),
        /** Nothing but the store's own exceptions comes out of it, and none that takes a fault for a refusal. */
        UNTYPED("ERR-1"),
        /** When the faults are over, every append can be brought to an end, and a new one is stored. */
        UNRESOLVED("DUP-5"),
        /** The ledger passes the store's own check. */
        VERIFY("ORD-6");

        private final String clauses;

        Rule(String clauses) {
            this.clauses = clauses;
        }

        /** {@return the clauses of the contract} */
        public String clauses() {
            return clauses;
        }
    }
}
