package io.sqleventstore;

/** An event name is not registered for its entity's name. Nothing was stored. Register it first. */
public final class UnregisteredEvent extends EventStoreException {
    private static final long serialVersionUID = 1L;

    /** The entity name. */
    private final String entityName;
    /** The event name that is not registered for it. */
    private final String eventName;

    /**
     * Of the pair that is not registered.
     *
     * @param entityName the entity name
     * @param eventName the event name that is not registered for it
     */
    public UnregisteredEvent(String entityName, String eventName) {
        super("Event '%s' is not registered for entity '%s'; call register(EntityType.of(\"%s\", \"%s\")) first."
                .formatted(eventName, entityName, entityName, eventName));
        this.entityName = entityName;
        this.eventName = eventName;
    }

    /** {@return the entity name} */
    public String entityName() {
        return entityName;
    }

    /** {@return the event name} */
    public String eventName() {
        return eventName;
    }
}
