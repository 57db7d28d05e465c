package io.sqleventstore.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What figures depend on. */
final class Surroundings {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Surroundings() {}

    static Map<String, String> of(Settings settings, Place place) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        try (Connection connection = place.pool().getConnection()) {
            DatabaseMetaData server = connection.getMetaData();
            facts.put("server", server.getDatabaseProductName() + " " + server.getDatabaseProductVersion());
            facts.put("driver", server.getDriverName() + " " + server.getDriverVersion());
        }
        for (String setting : place.server().settings()) {
            String answer = place.ask(setting);
            if (!answer.isEmpty()) {
                facts.put(setting, answer);
            }
        }
        facts.put("CPUs for this JVM", Runtime.getRuntime().availableProcessors() + processor());
        facts.put("machine", properties("os.name", "os.version", "os.arch"));
        facts.put("JVM", properties("java.vm.name", "java.version"));
        facts.put("measurements", "%s s each, %d rounds".formatted(settings.seconds(), settings.rounds()));
        facts.put(
                "appends per commit",
                settings.appendsPerCommit() == 0 ? "as the dialect has" : "" + settings.appendsPerCommit());
        facts.put("events of a replayed ledger", "" + settings.events());
        facts.put("events in the ledger before", "" + settings.ledgerEvents());
        facts.put("floors", settings.floors() ? "measured" : "not measured");
        facts.put("pace", settings.pace() + " events/s");
        facts.put("seed", "" + settings.seed());
        return facts;
    }

    private static String properties(String... names) {
        return String.join(" ", List.of(names).stream().map(System::getProperty).toList());
    }

    /** Where the system tells it. */
    private static String processor() {
        if (!Files.isReadable(PROCESSORS)) {
            return "";
        }
        try {
            return Files.readAllLines(PROCESSORS, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> ", " + line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
