package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a command said to its arguments and standard input: never a stack trace, never an exit code that isn't documented. */
record Command(int exitCode, String out, String err) {
    private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\tat [\\w.$/]+\\(");
    private static final Pattern LINE = Pattern.compile("line (\\d+): ");

    static Command run(byte[] input, String... arguments) {
        InputStream before = System.in;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(input));
        try {
            int exitCode = Main.run(new Output(out, err, false), arguments);
            return new Command(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(before);
        }
    }

    /** Asserts that it ended with one of these, in a way that was foreseen. */
    Command endedWith(Integer... exitCodes) {
        assertThat(List.of(exitCodes)).as("exit code; %s", err).contains(exitCode);
        assertThat(err).doesNotContain("That was not foreseen").doesNotContainPattern(STACK_TRACE);
        return this;
    }

    /** Asserts that it named a line, from 1 to that. */
    void namedALine(long last) {
        Matcher line = LINE.matcher(err);
        assertThat(line.find()).as("a line is named: %s", err).isTrue();
        assertThat(Long.parseLong(line.group(1))).isBetween(1L, last);
    }

    /** The number of that group in the first place where the pattern is found. */
    static long number(Pattern pattern, int group, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s is in %s", pattern, text).isTrue();
        return Long.parseLong(matcher.group(group).replace(",", ""));
    }

    /** How many lines there are, also if the last has no line feed. */
    static long lines(byte[] input) {
        long feeds = 0;
        for (byte each : input) {
            feeds += each == '\n' ? 1 : 0;
        }
        return input.length == 0 || input[input.length - 1] == '\n' ? feeds : feeds + 1;
    }
}
