package io.sqleventstore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a report for people and for programs. */
public final class ReportFiles {
    /** The file for people. */
    public static final String PAGE = "bench.html";

    private ReportFiles() {}

    /**
     * Writes {@code bench.html} and {@code results.json} into a folder, which is created; {@code sizes.json} if there are sizes.
     *
     * @param report what to write
     * @param folder where
     * @return the page
     * @throws IOException if it can't be written
     */
    public static Path write(Report report, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("results.json"), ReportJson.results(report));
        Path sizes = folder.resolve("sizes.json");
        if (report.sizes().isEmpty()) {
            Files.deleteIfExists(sizes); // an earlier run's
        } else {
            Files.writeString(sizes, ReportJson.sizes(report));
        }
        return Files.writeString(folder.resolve(PAGE), ReportPage.of(report));
    }
}
