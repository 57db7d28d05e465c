package com.example.library;

/** A rule of the library forbids it; nothing was stored. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String rule) {
        super(rule);
    }
}
