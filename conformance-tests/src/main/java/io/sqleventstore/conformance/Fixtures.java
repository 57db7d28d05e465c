package io.sqleventstore.conformance;

import io.sqleventstore.sql.Dialect;
import java.util.List;
import java.util.ServiceLoader;

/** The fixtures on the class path. */
public final class Fixtures {
    private Fixtures() {}

    /**
     * {@return the fixture on the class path that was made for that dialect; a plain {@link Fixture} if there is none}
     *
     * @param dialect the dialect to certify
     * @throws IllegalArgumentException if there are several; the message names them
     */
    public static Fixture of(Dialect dialect) {
        List<Fixture> made = ServiceLoader.load(Fixture.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(fixture -> fixture.dialect().getClass() == dialect.getClass())
                .toList();
        if (made.size() > 1) {
            List<String> names =
                    made.stream().map(it -> it.getClass().getName()).toList();
            throw new IllegalArgumentException("There are several fixtures for "
                    + dialect.getClass().getName() + ": " + String.join(", ", names) + ".");
        }
        return made.isEmpty() ? new Fixture(dialect) : made.get(0);
    }
}
