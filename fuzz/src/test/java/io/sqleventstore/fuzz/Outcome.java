package io.sqleventstore.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.InvalidEvent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What came of a call: a value or the exception that says why not; an exception that no caller should see ends the test. */
record Outcome<T>(@Nullable T value, @Nullable RuntimeException refusal) {

    /** Of making a value, which throws what is documented: {@link InvalidEvent}, or exactly the JDK's exception for a wrong argument. */
    static <T> Outcome<T> of(Supplier<T> call) {
        try {
            return new Outcome<>(call.get(), null);
        } catch (InvalidEvent e) {
            return refused(e);
        } catch (IllegalArgumentException e) {
            if (e.getClass() != IllegalArgumentException.class) {
                throw e; // a NumberFormatException, say, that slipped through
            }
            return refused(e);
        }
    }

    private static <T> Outcome<T> refused(RuntimeException e) {
        assertThat(e.getMessage()).as("what the caller is told").isNotBlank();
        return new Outcome<>(null, e);
    }

    boolean isMade() {
        return refusal == null;
    }

    /** Asserts that it was made exactly if that was legal, and refused by that kind of exception if not. */
    Outcome<T> made(boolean legal, Class<? extends RuntimeException> otherwise) {
        if (legal) {
            assertThat(refusal).isNull();
        } else {
            assertThat(refusal).isExactlyInstanceOf(otherwise);
        }
        return this;
    }
}
