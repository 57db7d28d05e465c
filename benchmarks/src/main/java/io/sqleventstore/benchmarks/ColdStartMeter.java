package io.sqleventstore.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the start of a JVM to the return of its first append. */
final class ColdStartMeter implements Meter {
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Workload workload;
    private final Address address;
    private final Place place;

    ColdStartMeter(Workload workload, Address address, Place place) {
        this.workload = workload;
        this.address = address;
        this.place = place;
    }

    @Override
    public Round measure(Subject subject, int number) throws IOException, InterruptedException {
        double millis = millis(subject);
        double micros = millis * MICROS_PER_MILLI;
        return new Round(MILLIS_PER_SECOND / millis, micros, micros, 1, 0, 0, null);
    }

    private double millis(Subject subject) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ColdStart.class.getName(),
                        subject.label(),
                        workload.name(),
                        place.options().schema(),
                        place.dialect().getClass().getName())
                .redirectError(Redirect.INHERIT);
        put(builder.environment(), ColdStart.URL, address.url());
        put(builder.environment(), ColdStart.USER, address.user());
        put(builder.environment(), ColdStart.PASSWORD, address.password());
        Process jvm = place.start(builder);
        String answer = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jvm.waitFor() != 0) {
            throw new IllegalStateException("The JVM that was to start ended with code " + jvm.exitValue() + ".");
        }
        return Double.parseDouble(answer);
    }

    private static void put(Map<String, String> environment, String name, @Nullable String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }
}
