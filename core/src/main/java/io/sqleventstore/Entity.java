package io.sqleventstore;

/**
 * One thing whose history is kept: an entity name, registered before use, and the business key that tells it from others
 * of the same name. Both are compared exactly: case, accents and code points all count.
 *
 * @param name 1 to {@value Limits#NAME_LENGTH} UTF-16 code units, such as "game"
 * @param key 1 to {@value Limits#KEY_LENGTH} UTF-16 code units, such as "apr-7-2025"
 */
public record Entity(String name, String key) implements Comparable<Entity> {
    /**
     * Checks both.
     *
     * @param name as {@link #name}
     * @param key as {@link #key}
     * @throws InvalidEvent if one is empty or too long, begins or ends with white space, begins with {@code ~}, or holds
     *     U+0000 or an unpaired surrogate
     */
    public Entity {
        Texts.entityName(name);
        Texts.entityKey(key);
    }

    /**
     * {@return the entity of that name and key; throws as the constructor does}
     *
     * @param name the entity name, 1 to {@value Limits#NAME_LENGTH} characters
     * @param key the key, 1 to {@value Limits#KEY_LENGTH} characters
     */
    public static Entity of(String name, String key) {
        return new Entity(name, key);
    }

    /** Orders by name, then key, by UTF-16 code units: the order in which an append stores its entities. */
    @Override
    public int compareTo(Entity other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : key.compareTo(other.key);
    }

    @Override
    public String toString() {
        return name + "/" + key;
    }
}
