package io.sqleventstore.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes on what clients and a server say to each other until it falls silent: then it swallows what anybody says, and who comes anew gets no answer either. */
final class Relay implements Closeable {
    private static final int BUFFER = 16 * 1024;

    private final String host;
    private final int serverPort;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean silent;

    Relay(String host, int serverPort) throws IOException {
        this.host = host;
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void fallSilent() {
        silent = true;
    }

    boolean isSilent() {
        return silent;
    }

    /** How many have come since it is silent. */
    int unanswered() {
        return unanswered.get();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                if (silent) {
                    unanswered.incrementAndGet();
                } else {
                    connect(client);
                }
            }
        } catch (IOException closed) {
            // as it is meant
        }
    }

    private void connect(Socket client) throws IOException {
        Socket upstream = new Socket();
        sockets.add(upstream);
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        upstream.connect(new InetSocketAddress(host, serverPort));
        start(() -> pass(client, upstream));
        start(() -> pass(upstream, client));
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                if (!silent) {
                    to.getOutputStream().write(buffer, 0, read);
                }
            }
        } catch (IOException gone) {
            // the other side hears of it, too
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket each : sockets) {
            each.close();
        }
    }
}
