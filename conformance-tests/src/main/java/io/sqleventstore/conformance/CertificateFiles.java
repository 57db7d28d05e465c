package io.sqleventstore.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class CertificateFiles {
    private CertificateFiles() {}

    static void write(Certificate certificate, Path folder) {
        String line = "%-10s  %-13s  %s%n"
                .formatted(
                        certificate.name(),
                        certificate.certified() ? "CERTIFIED" : "NOT CERTIFIED",
                        certificate.reason());
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(certificate.name() + ".txt"), line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
