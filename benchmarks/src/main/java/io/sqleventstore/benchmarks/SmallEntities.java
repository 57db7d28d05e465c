package io.sqleventstore.benchmarks;

/** Names of entities, each of which gets a few events. */
final class SmallEntities {
    private static final int EVENTS = 10;

    private final String name;
    private int events;

    SmallEntities(String name) {
        this.name = name;
    }

    /** The one that gets the next event. */
    String next() {
        events++;
        return current();
    }

    /** The one that got the last event. */
    String current() {
        return name + "-" + Math.max(0, events - 1) / EVENTS;
    }
}
