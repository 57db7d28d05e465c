package io.sqleventstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a made-up checkout, with a java and a mvn that only say what they were asked. */
class LauncherTest {
    private static final String JAVA_17 =
            "case $* in *-version*) echo '    java.specification.version = 17' >&2;; *) echo \"java: $*\";; esac";

    @TempDir
    private Path temp;

    private Path home = Path.of("");
    private Path jar = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        home = Files.createDirectories(temp.toRealPath().resolve("a checkout"));
        Files.copy(Path.of("..", "eventstore"), home.resolve("eventstore"));
        Files.createFile(home.resolve("pom.xml"));
        Files.createDirectories(home.resolve("core/src/main"));
        jar = home.resolve("cli/target/eventstore.jar");
        tool("java", JAVA_17);
        tool("mvn", "echo noise; mkdir -p cli/target; touch cli/target/eventstore.jar");
    }

    private void tool(String name, String script) throws IOException {
        Path tool = Files.createDirectories(temp.resolve("bin")).resolve(name);
        Files.writeString(tool, "#!/bin/sh\n" + script + "\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
    }

    private Run launch(Path launcher) throws IOException, InterruptedException {
        return launch(launcher, Map.of(), "replay", "--key", "a b");
    }

    private Run launch(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("EVENTSTORE_CLASSPATH");
        builder.environment().putAll(environment);
        builder.environment().merge("PATH", temp.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out, err);
    }

    @Test
    void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        Run first = launch(home.resolve("eventstore"));
        Run second = launch(home.resolve("eventstore"));
        Path source = Files.createFile(home.resolve("core/src/main/New.java"));
        Files.setLastModifiedTime(
                source, FileTime.fromMillis(Files.getLastModifiedTime(jar).toMillis() + 2000));
        Run third = launch(home.resolve("eventstore"));

        assertThat(first.err()).isEqualTo("eventstore: building cli/target/eventstore.jar (once, and after changes)\n");
        assertThat(first.out())
                .startsWith("java: ")
                .endsWith(
                        "-Deventstore.home=" + home + " -cp " + jar + " io.sqleventstore.cli.Main replay --key a b\n");
        assertThat(second.err()).isEmpty();
        assertThat(third.err()).isEqualTo(first.err());
        assertThat(home.resolve("target/eventstore.lock")).doesNotExist();
    }

    @Test
    void findsItsCheckoutThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("a checkout", "eventstore"));
        Path second = Files.createSymbolicLink(temp.resolve("second"), link);

        assertThat(launch(second).out()).contains("-Deventstore.home=" + home + " ");
    }

    @Test
    void dialectsThatAreNotOursComeByTheClassPath() throws Exception {
        Run run = launch(
                home.resolve("eventstore"),
                Map.of("EVENTSTORE_CLASSPATH", "my dialect.jar:driver.jar"),
                "replay",
                "--key",
                "a b");

        assertThat(run.out()).contains(" -cp " + jar + ":my dialect.jar:driver.jar io.sqleventstore.cli.Main replay ");
    }

    @Test
    void whatIsMeasuredRunsAsAnApplicationDoes() throws Exception {
        assertThat(launch(home.resolve("eventstore")).out()).contains("TieredStopAtLevel=1");
        assertThat(launch(home.resolve("eventstore"), Map.of(), "bench").out())
                .startsWith("java: --enable-native-access=ALL-UNNAMED -Deventstore.home=");
    }

    @Test
    void anOldJavaAndAFailedBuildAreSaid() throws Exception {
        tool("mvn", "echo 'what went wrong'; exit 1");
        Run failed = launch(home.resolve("eventstore"));
        tool("java", JAVA_17.replace("17", "11"));
        Run old = launch(home.resolve("eventstore"));

        assertThat(failed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(failed.err()).contains("what went wrong").contains("the build failed");
        assertThat(home.resolve("target/eventstore.lock")).doesNotExist();
        assertThat(old.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(old.err()).contains("Java 11; Java 17 or later is needed").hasLineCount(1);
    }
}
