package io.sqleventstore.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes a report for people and for programs. */
public final class ReportFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ReportFiles() {}

    /**
     * Writes {@code torture-<database>.html} and {@code .json} into a folder, which is created.
     *
     * @param report what to write
     * @param folder where
     * @return the page
     * @throws IOException if it can't be written
     */
    public static Path write(Report report, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path page = folder.resolve("torture-" + report.database() + ".html");
        Files.writeString(page, ReportPage.of(report));
        Files.writeString(
                folder.resolve("torture-" + report.database() + ".json"), JSON.writeValueAsString(report) + "\n");
        return page;
    }
}
