package io.sqleventstore.conformance;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** How a certificate speaks to people: units, counts and names. */
final class Wording {
    /** What may follow a short version in a server's full answer: a remark, the platform, an edition, another line. */
    private static final Pattern REMARK = Pattern.compile(" \\(| on |,| - |\\R");

    private static final Pattern BARE_VERSION = Pattern.compile("v?\\d.*");

    private Wording() {}

    static String outcome(Certificate.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String verdict(Certificate certificate) {
        return certificate.certified() ? "CERTIFIED" : "NOT CERTIFIED";
    }

    /**
     * What the server calls itself, in short, such as {@code PostgreSQL 18.6}. The product, which is the driver's word, is
     * used only where the server answers with a bare number, lest a compatible product pass for another.
     */
    static String title(Certificate certificate) {
        Certificate.Database database = certificate.database();
        if (database == null) {
            return certificate.name();
        }
        String version = REMARK.split(database.version().strip(), 2)[0].strip();
        return version.isEmpty() || BARE_VERSION.matcher(version).matches()
                ? (database.product() + " " + version).strip()
                : version;
    }

    /** Foreign text without what can't be shown: terminal colours, half surrogate pairs and the like. */
    static String visible(String foreign) {
        StringBuilder text = new StringBuilder(foreign.length());
        foreign.replace("\r\n", "\n")
                .codePoints()
                .map(point -> visible(point) ? point : 0xFFFD)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private static boolean visible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL -> point == '\n' || point == '\t';
            case Character.SURROGATE -> false;
            default -> (point & 0xFFFE) != 0xFFFE;
        };
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String count(long number, String what) {
        return count(number) + " " + what + (number == 1 ? "" : "s");
    }

    static String time(Duration time) {
        if (time.isZero()) {
            return "0 s";
        } else if (time.toMillis() == 0) {
            return "< 1 ms";
        } else if (time.toMillis() < 1_000) {
            return time.toMillis() + " ms";
        } else if (time.toMillis() < 59_950) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
        }
        Duration rounded = time.plusMillis(500);
        return rounded.toHours() == 0
                ? "%d min %d s".formatted(rounded.toMinutes(), rounded.toSecondsPart())
                : "%d h %d min".formatted(rounded.toHours(), rounded.toMinutesPart());
    }
}
