package io.sqleventstore.benchmarks;

import io.sqleventstore.benchmarks.ColdStart.By;
import io.sqleventstore.benchmarks.ColdStart.From;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** From the start of a JVM to the return of its first append, by hand and by the library. */
final class ColdStartBenchmark {
    private final Run run;

    ColdStartBenchmark(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        Table table = run.table(
                "Cold start: from the JVM's start to the first append's return; median (min–max) of " + run.rounds()
                        + " rounds",
                "connection from",
                "by hand, ms",
                "library, ms",
                "library / by hand");
        try (Place place = run.place(1)) {
            List<Pair> pairs = List.of(new Pair(From.DRIVER), new Pair(From.POOL));
            for (int round = 1; round <= run.rounds(); round++) {
                run.progress("cold start, round %d of %d", round, run.rounds());
                for (Pair pair : pairs) {
                    pair.measure(place);
                }
            }
            pairs.forEach(pair -> pair.print(table));
        }
    }

    /** By hand and by the library, with connections of the same kind. */
    private final class Pair {
        private final From from;
        private final Figures byHand = new Figures();
        private final Figures library = new Figures();
        private final Figures ratio = new Figures();

        Pair(From from) {
            this.from = from;
        }

        void measure(Place place) throws IOException, InterruptedException {
            byHand.add(millis(By.HAND, from, place));
            library.add(millis(By.LIBRARY, from, place));
            ratio.add(library.last() / byHand.last());
        }

        void print(Table table) {
            table.row(from.name().toLowerCase(Locale.ROOT), byHand.show(0), library.show(0), ratio.show(2));
        }
    }

    private double millis(By by, From from, Place place) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process jvm = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ColdStart.class.getName(),
                        by.name(),
                        from.name(),
                        run.url(),
                        place.options().schema(),
                        place.dialect().getClass().getName(),
                        RawWriter.sql(place.dialect(), place.naiveTable()))
                .redirectError(Redirect.INHERIT)
                .start();
        String answer = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jvm.waitFor() != 0) {
            throw new IllegalStateException("The JVM that was to start ended with code " + jvm.exitValue() + ".");
        }
        return Double.parseDouble(answer);
    }
}
