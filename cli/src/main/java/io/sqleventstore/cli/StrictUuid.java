package io.sqleventstore.cli;

import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a UUID of 32 hexadecimal digits and four dashes in their places; the JDK also takes {@code 1-1-1-1-1}. */
final class StrictUuid implements ITypeConverter<UUID> {
    /** Throws {@link IllegalArgumentException} if it is none. */
    static UUID of(String text) {
        UUID id = UUID.fromString(text);
        if (!id.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException(text);
        }
        return id;
    }

    @Override
    public UUID convert(String text) {
        try {
            return of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is no UUID");
        }
    }
}
