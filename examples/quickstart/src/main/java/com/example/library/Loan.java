package com.example.library;

import java.time.LocalDate;

/** A copy that is with a member since that day. */
public record Loan(String copy, String member, LocalDate since) {
    private static final int DAYS = 28;

    /** The last day of the loan. */
    public LocalDate due() {
        return since.plusDays(DAYS);
    }

    /** Whether the copy should be back by now. */
    public boolean isOverdue(LocalDate today) {
        return today.isAfter(due());
    }
}
