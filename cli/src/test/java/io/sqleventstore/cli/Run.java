package io.sqleventstore.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a command wrote, and its exit code. */
record Run(int exitCode, String out, String err) {

    /** Runs the command in this JVM, as if nobody watched. */
    static Run of(String... arguments) {
        return of(false, arguments);
    }

    /** Runs the command in this JVM, as if on a terminal. */
    static Run watched(String... arguments) {
        return of(true, arguments);
    }

    private static Run of(boolean watched, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(new Output(out, err, watched), arguments);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Starts the command in a JVM of its own, its output going to that file. */
    static Process start(Path output, String... arguments) throws IOException {
        return process(output, arguments).start();
    }

    static ProcessBuilder process(Path output, String... arguments) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", classPath, Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    }

    /** Runs statements past the library. */
    static void sql(String url, String... statements) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a script in a SQLite file, taken apart by SQLite itself: its driver passes on what is executed as an update whole. */
    static void script(String url, String script) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.executeUpdate(script);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
