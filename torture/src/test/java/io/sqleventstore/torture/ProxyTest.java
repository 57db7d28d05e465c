package io.sqleventstore.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqleventstore.torture.Proxy.Harm;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a server that repeats what it hears, and remembers it. */
class ProxyTest {
    private static final String QUESTION = "what has been said";
    private static final int TIMEOUT_MILLIS = 1_000;

    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Queue<Harm> suffered = new ConcurrentLinkedQueue<>();
    private ServerSocket server;
    private Proxy proxy;
    private Socket client;

    @SuppressWarnings("NullAway.Init")
    ProxyTest() {}

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread echo = new Thread(this::echo);
        echo.setDaemon(true);
        echo.start();
        proxy = new Proxy("127.0.0.1", server.getLocalPort(), suffered::add);
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(TIMEOUT_MILLIS);
        assertThat(ask()).isEqualTo(QUESTION);
        heard.clear();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        proxy.close();
        server.close();
    }

    private void echo() {
        try (Socket peer = server.accept()) {
            byte[] buffer = new byte[100];
            for (int read = peer.getInputStream().read(buffer);
                    read >= 0;
                    read = peer.getInputStream().read(buffer)) {
                heard.add(new String(buffer, 0, read, StandardCharsets.US_ASCII));
                peer.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException gone) {
            // as it is meant
        }
    }

    /** What comes back; "" if the connection ends, "silence" if nothing comes. */
    private String ask() throws IOException {
        client.getOutputStream().write(QUESTION.getBytes(StandardCharsets.US_ASCII));
        InputStream in = client.getInputStream();
        byte[] buffer = new byte[100];
        try {
            int read = in.read(buffer);
            return read < 0 ? "" : new String(buffer, 0, read, StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException silence) {
            return "silence";
        } catch (IOException reset) {
            return "";
        }
    }

    private void harm(Harm harm, long millis) {
        assertThat(proxy.links()).singleElement().matches(link -> link.harm(harm, millis));
    }

    /** What it hears within seconds. */
    private String serverHeard() throws InterruptedException {
        for (int i = 0; i < 1_000 && heard.isEmpty(); i++) {
            Thread.sleep(10);
        }
        return String.join("", heard);
    }

    private void assertServerHearsNothing() throws InterruptedException {
        Thread.sleep(500);
        assertThat(heard).isEmpty();
    }

    @Test
    void a_cut_connection_has_ended() throws Exception {
        harm(Harm.CUT, 0);
        assertThat(client.getInputStream().read()).isNegative();
        assertThat(heard).isEmpty();
        assertThat(proxy.links()).isEmpty();
    }

    @Test
    void a_lost_request_reaches_nobody() throws Exception {
        harm(Harm.REQUEST_LOST, 0);
        assertThat(ask()).isEmpty();
        assertServerHearsNothing();
    }

    @Test
    void half_of_a_torn_request_reaches_the_server() throws Exception {
        harm(Harm.REQUEST_TORN, 0);
        assertThat(ask()).isNotEqualTo(QUESTION); // the server's answer to the half may get through
        assertThat(serverHeard()).isEqualTo(QUESTION.substring(0, QUESTION.length() / 2));
    }

    @Test
    void the_server_has_heard_what_is_not_answered() throws Exception {
        harm(Harm.ANSWER_LOST, 0);
        assertThat(ask()).isEmpty();
        assertThat(serverHeard()).isEqualTo(QUESTION);
    }

    @Test
    void half_of_a_torn_answer_reaches_the_client() throws Exception {
        harm(Harm.ANSWER_TORN, 0);
        assertThat(ask()).isEqualTo(QUESTION.substring(0, QUESTION.length() / 2));
        assertThat(ask()).isEmpty();
        assertThat(serverHeard()).startsWith(QUESTION);
    }

    @Test
    void nobody_is_told_of_a_silence() throws Exception {
        harm(Harm.SILENCE, 0);
        assertThat(ask()).isEqualTo("silence");
        assertServerHearsNothing();
    }

    @Test
    void what_is_frozen_passes_later() throws Exception {
        harm(Harm.FREEZE, 200);
        long began = System.nanoTime();
        assertThat(ask()).isEqualTo(QUESTION);
        assertThat(System.nanoTime() - began).isGreaterThan(100_000_000L);
    }

    @Test
    void what_is_slow_takes_its_time_in_both_directions() throws Exception {
        proxy.delay(60);
        long began = System.nanoTime();
        assertThat(ask()).isEqualTo(QUESTION);
        assertThat(System.nanoTime() - began).isGreaterThan(100_000_000L);
    }

    @Test
    void a_harm_is_told_when_it_is_suffered_and_once() throws Exception {
        harm(Harm.FREEZE, 200);
        assertThat(suffered).isEmpty();
        ask();
        assertThat(suffered).containsExactly(Harm.FREEZE);
        harm(Harm.SILENCE, 0);
        assertThat(suffered).containsExactly(Harm.FREEZE);
        ask();
        ask();
        assertThat(suffered).containsExactly(Harm.FREEZE, Harm.SILENCE);
    }

    @Test
    void a_lost_answer_is_told() throws Exception {
        harm(Harm.ANSWER_LOST, 0);
        ask();
        assertThat(suffered).containsExactly(Harm.ANSWER_LOST);
    }

    /** What is frozen for longer than a client waits reaches the server all the same: an append whose outcome nobody has told it. */
    @Test
    void a_request_that_nobody_waits_for_any_more_comes_late() throws Exception {
        harm(Harm.FREEZE, 400);
        client.setSoTimeout(100);
        assertThat(ask()).isEqualTo("silence");
        client.close();
        assertThat(heard).isEmpty();
        assertThat(serverHeard()).isEqualTo(QUESTION);
    }

    @Test
    void a_connection_is_harmed_once() {
        harm(Harm.SILENCE, 0);
        assertThat(proxy.links()).singleElement().matches(link -> !link.harm(Harm.CUT, 0));
    }
}
