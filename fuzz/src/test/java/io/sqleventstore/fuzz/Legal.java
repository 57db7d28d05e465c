package io.sqleventstore.fuzz;

import io.sqleventstore.Limits;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a name or a key may look like, told by the contract (FID-2) and by the white space that the schemas list. */
final class Legal {
    private static final Set<Integer> SPACES = IntStream.concat(
                    IntStream.of(9, 10, 11, 12, 13, 133, 160, 5760, 8232, 8233, 8239, 8287, 12288),
                    IntStream.concat(IntStream.rangeClosed(28, 32), IntStream.rangeClosed(8192, 8202)))
            .boxed()
            .collect(Collectors.toUnmodifiableSet());

    private Legal() {}

    static boolean name(String text) {
        return isLegal(text, Limits.NAME_LENGTH);
    }

    static boolean key(String text) {
        return isLegal(text, Limits.KEY_LENGTH);
    }

    private static boolean isLegal(String text, int longest) {
        return !text.isEmpty()
                && text.length() <= longest
                && text.charAt(0) != '~'
                && !SPACES.contains((int) text.charAt(0))
                && !SPACES.contains((int) text.charAt(text.length() - 1))
                && isUnicode(text);
    }

    /** No U+0000, and no surrogate without its partner. */
    static boolean isUnicode(String text) {
        return text.codePoints()
                .noneMatch(each -> each == 0 || (each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE));
    }
}
