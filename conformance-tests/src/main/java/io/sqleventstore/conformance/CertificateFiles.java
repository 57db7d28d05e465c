package io.sqleventstore.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes a certificate: JSON for programs, Markdown for a pull request, and an HTML page to look at. */
final class CertificateFiles {
    private CertificateFiles() {}

    /** Writes {@code <name>.json}, {@code .md}, {@code .html} and a line as {@code .txt}, each whole or not at all, over those of an earlier run. */
    static void write(Certificate certificate, Path folder) throws IOException {
        Files.createDirectories(folder);
        write(CertificateJson.of(certificate), folder.resolve(certificate.name() + ".json"));
        write(CertificateMarkdown.of(certificate), folder.resolve(certificate.name() + ".md"));
        write(CertificatePage.of(certificate), folder.resolve(certificate.name() + ".html"));
        write(line(certificate), folder.resolve(certificate.name() + ".txt"));
    }

    /** The certificate's line in the table at the end of a build. */
    static String line(Certificate certificate) {
        String verdict = Wording.verdict(certificate);
        Certificate.Database database = certificate.database();
        String server = database == null
                ? ""
                : server(database) + ", driver " + database.driver().version() + "; ";
        return line(certificate.name(), verdict, server + certificate.reason()) + System.lineSeparator();
    }

    /** As a row of that table. */
    static String line(String name, String verdict, String why) {
        return "%-10s  %-13s  %s".formatted(name, verdict, why.replaceAll("\\R\\s*", " "));
    }

    private static String server(Certificate.Database database) {
        String version = database.version().split("[,(]", 2)[0].strip();
        return version.startsWith(database.product()) ? version : database.product() + " " + version;
    }

    private static void write(String text, Path file) throws IOException {
        // not Files.createTempFile: what that makes is its owner's alone to read
        Path part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            // not Files.writeString: that refuses half a surrogate pair, and a failure's text may hold one
            Files.write(part, text.getBytes(StandardCharsets.UTF_8));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
