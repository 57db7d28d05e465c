package io.sqleventstore;

/** An event name is not registered for its entity's name. Nothing was stored. Register it first. */
public final class UnregisteredEvent extends EventStoreException {
    private static final long serialVersionUID = 1L;

    private final String entityName;
    private final String eventName;

    /** Of the pair that is not registered. */
    public UnregisteredEvent(String entityName, String eventName) {
        super("Event '%s' is not registered for entity '%s'; call register(EntityType.of(\"%s\", \"%s\")) first."
                .formatted(eventName, entityName, entityName, eventName));
        this.entityName = entityName;
        this.eventName = eventName;
    }

    /** The entity name. */
    public String entityName() {
        return entityName;
    }

    /** The event name. */
    public String eventName() {
        return eventName;
    }
}
