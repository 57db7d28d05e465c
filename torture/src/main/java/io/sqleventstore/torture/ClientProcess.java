package io.sqleventstore.torture;

import io.sqleventstore.conformance.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A client through all its processes: when one was killed, the next goes on where the notes say that it was. */
final class ClientProcess {
    private static final int MEGABYTES = 192;

    private final Server server;
    private final Path folder;
    private final Orders orders;
    private final List<Path> notes = new ArrayList<>();
    private final List<Path> tailNotes = new ArrayList<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private @Nullable Process process;
    private long acknowledgedBefore;
    private volatile long acknowledged;

    ClientProcess(Server server, Path folder, Orders orders) {
        this.server = server;
        this.folder = folder;
        this.orders = orders;
    }

    void start() throws IOException {
        Path calls = folder.resolve(orders.name() + "-" + notes.size() + ".jsonl");
        Path tail = folder.resolve(orders.name() + "-" + notes.size() + "-tail.jsonl");
        Orders now = new Orders(
                orders.url(),
                orders.dialect(),
                orders.schema(),
                orders.prefix(),
                calls.toString(),
                tail.toString(),
                orders.name() + "-" + notes.size(),
                orders.writers(),
                orders.connections(),
                orders.seed() + 1_000L * notes.size(),
                cursor(),
                orders.skewHours(),
                orders.longestOpenMillis(),
                orders.isolation(),
                orders.appendsPerCommit());
        notes.add(calls);
        tailNotes.add(tail);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + MEGABYTES + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Client.class.getName());
        builder.environment().put(Client.ORDERS, JsonMapper.shared().writeValueAsString(now));
        builder.redirectError(folder.resolve(orders.name() + "-" + (notes.size() - 1) + ".log")
                .toFile());
        Process started = server.start(builder);
        process = started;
        Thread listening = new Thread(() -> listen(started), "listening to " + now.name());
        listening.setDaemon(true);
        listening.start();
    }

    /** After the last page that is noted: what was delivered and not noted is delivered again. */
    private String cursor() throws IOException {
        for (int i = tailNotes.size() - 1; i >= 0; i--) {
            List<Note> pages = Notes.read(tailNotes.get(i));
            for (int j = pages.size() - 1; j >= 0; j--) {
                if (pages.get(j) instanceof Note.Delivered page) {
                    return page.cursor();
                }
            }
        }
        return orders.cursor();
    }

    private void listen(Process its) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(its.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(Client.COUNT)) {
                    acknowledged = Long.parseLong(line.substring(Client.COUNT.length()));
                } else {
                    said.add(line);
                }
            }
        } catch (IOException gone) {
            // it was killed
        }
    }

    /** As kill -9 does. */
    void kill() {
        Process its = process;
        if (its != null) {
            its.destroyForcibly();
            its.onExit().join();
            acknowledgedBefore += acknowledged;
            acknowledged = 0;
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Whether its process has stored something. */
    boolean isAtWork() {
        return isAlive() && acknowledged > 0;
    }

    /** Appends that were acknowledged, as far as it has told. */
    long acknowledged() {
        return acknowledgedBefore + acknowledged;
    }

    /** Says that to it; nothing if it has ended, which shows when it doesn't answer. */
    void tell(String line) {
        try {
            if (process != null) {
                OutputStream in = process.getOutputStream();
                in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                in.flush();
            }
        } catch (IOException gone) {
            return;
        }
    }

    /** Whether it has said that within so long. */
    boolean says(String line, long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            String heard = said.poll(Math.min(left, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
            if (line.equals(heard)) {
                return true;
            }
            if (heard == null && !isAlive() && said.isEmpty()) {
                return false;
            }
        }
        return false;
    }

    /** What all its processes noted. */
    void addTo(History history) throws IOException {
        for (int i = 0; i < notes.size(); i++) {
            history.add(Notes.read(notes.get(i)), orders.name(), Notes.read(tailNotes.get(i)));
        }
    }

    /** What the last process said on its standard error. */
    String log() throws IOException {
        return Files.readString(folder.resolve(orders.name() + "-" + (notes.size() - 1) + ".log"));
    }
}
