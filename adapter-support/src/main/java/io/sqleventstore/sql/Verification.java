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
    /** Copies the checks. */
    public Verification {
        checks = List.copyOf(checks);
    }

    /** Whether no rule is broken. */
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
        /** Copies the violations. */
        public Check {
            violations = List.copyOf(violations);
        }
    }
}
