package io.sqleventstore.sql;

import java.util.List;

/**
 * What a check of the whole ledger found.
 *
 * @param events how many events were read
 * @param entities how many entities they belong to
 * @param lastPosition the highest position in the ledger
 * @param checks each rule that was checked
 */
public record Verification(long events, long entities, long lastPosition, List<Check> checks) {
    /**
     * Copies the checks.
     *
     * @param events as {@link #events}
     * @param entities as {@link #entities}
     * @param lastPosition as {@link #lastPosition}
     * @param checks as {@link #checks}
     */
    public Verification {
        checks = List.copyOf(checks);
    }

    /** {@return whether no rule is broken} */
    public boolean clean() {
        return checks.stream().allMatch(check -> check.violations().isEmpty());
    }

    /**
     * One rule.
     *
     * @param clauses the clauses of the contract that it is about
     * @param rule what must hold, in words
     * @param violations where it doesn't, {@value Verifier#EXAMPLES} at most
     */
    public record Check(String clauses, String rule, List<String> violations) {
        /**
         * Copies the violations.
         *
         * @param clauses as {@link #clauses}
         * @param rule as {@link #rule}
         * @param violations as {@link #violations}
         */
        public Check {
            violations = List.copyOf(violations);
        }
    }
}
