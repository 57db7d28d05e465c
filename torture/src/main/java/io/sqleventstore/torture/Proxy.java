package io.sqleventstore.torture;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Stands between clients and a server, passes on what they say, and does to it what networks do. Each connection has two threads, one for each
 * direction. Safe for use by many threads.
 */
final class Proxy implements Closeable {
    private static final int BUFFER = 16 * 1024;
    private static final int CONNECT_MILLIS = 5_000;

    /** What can be done to a connection. Each but the last ends it. */
    enum Harm {
        /** It ends at once. */
        CUT,
        /** What the client says next is lost, and the connection with it. */
        REQUEST_LOST,
        /** Half of what the client says next reaches the server. */
        REQUEST_TORN,
        /** What the client says next reaches the server; what the server answers is lost. */
        ANSWER_LOST,
        /** Half of what the server says next reaches the client. */
        ANSWER_TORN,
        /** Nothing passes any more, and neither side is told. */
        SILENCE,
        /** Nothing passes for a while; then all of it does, also what nobody waits for any more. */
        FREEZE
    }

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Consumer<Harm> suffered;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;

    /** Tells of each harm when somebody suffers it, which is not before there is something to be lost or held back. */
    Proxy(String host, int port, Consumer<Harm> suffered) throws IOException {
        this.suffered = suffered;
        server = InetSocketAddress.createUnresolved(host, port);
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        start("proxy", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The connections that are open now. */
    List<Link> links() {
        return List.copyOf(links);
    }

    /** Each piece of what anybody says is held back for so long; 0: for no time. */
    void delay(long millis) {
        delayNanos = millis * 1_000_000;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        links.forEach(Link::end);
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                start("proxy of " + client.getPort(), () -> connect(client));
            } catch (IOException e) {
                LockSupport.parkNanos(10_000_000); // it was closed, or there are too many open files just now
            }
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(new InetSocketAddress(server.getHostString(), server.getPort()), CONNECT_MILLIS);
        } catch (IOException unreachable) {
            end(upstream);
            end(client);
            return;
        }
        Link link = new Link(client, upstream);
        links.add(link);
        start("proxy of " + client.getPort() + " back", () -> link.pass(upstream, client, false));
        link.pass(client, upstream, true);
    }

    /** As a process's death does it: the other side hears of it, or of a reset. */
    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            return;
        }
    }

    /** A connection through the proxy. */
    final class Link {
        private final Socket client;
        private final Socket upstream;
        private volatile Harm harm = Harm.FREEZE;
        private volatile boolean harmed;
        private volatile long frozenUntil = System.nanoTime();
        private volatile boolean answerLost;
        private final AtomicBoolean told = new AtomicBoolean();
        private final AtomicBoolean frozen = new AtomicBoolean();

        Link(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        /** Does that to it; nothing if it has been harmed before. */
        synchronized boolean harm(Harm what, long millis) {
            if (harmed) {
                return false;
            }
            if (what == Harm.FREEZE) {
                frozen.set(true);
                frozenUntil = System.nanoTime() + millis * 1_000_000;
                return true;
            }
            harm = what;
            harmed = true;
            if (what == Harm.CUT) {
                suffers();
                end();
            }
            return true;
        }

        private void suffers() {
            if (told.compareAndSet(false, true)) {
                suffered.accept(harm);
            }
        }

        private void end() {
            links.remove(this);
            Proxy.end(client);
            Proxy.end(upstream);
        }

        private void pass(Socket from, Socket to, boolean isRequest) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    hold();
                    if (!pass(buffer, read, out, isRequest)) {
                        break;
                    }
                }
            } catch (IOException gone) {
                // the other direction hears of it, too
            } finally {
                end();
            }
        }

        private void hold() {
            long until = System.nanoTime() + delayNanos;
            if (System.nanoTime() < frozenUntil && frozen.compareAndSet(true, false)) {
                suffered.accept(Harm.FREEZE);
            }
            for (long now = System.nanoTime(); now < Math.max(until, frozenUntil); now = System.nanoTime()) {
                LockSupport.parkNanos(Math.min(Math.max(until, frozenUntil) - now, 50_000_000));
            }
        }

        /** Passes on what was read, or does to it what was ordered; whether the connection lives on. */
        private boolean pass(byte[] buffer, int read, OutputStream out, boolean isRequest) throws IOException {
            if (!harmed) {
                out.write(buffer, 0, read);
                return true;
            }
            return switch (harm) {
                case CUT -> false;
                case SILENCE -> swallowed();
                case REQUEST_LOST -> isRequest ? lost() : passed(buffer, read, out);
                case REQUEST_TORN -> isRequest ? torn(buffer, read, out) : passed(buffer, read, out);
                case ANSWER_TORN -> isRequest ? passed(buffer, read, out) : torn(buffer, read, out);
                case ANSWER_LOST -> answerLost(buffer, read, out, isRequest);
                case FREEZE -> passed(buffer, read, out);
            };
        }

        private boolean swallowed() {
            suffers();
            return true;
        }

        private boolean lost() {
            suffers();
            return false;
        }

        private static boolean passed(byte[] buffer, int read, OutputStream out) throws IOException {
            out.write(buffer, 0, read);
            return true;
        }

        private boolean torn(byte[] buffer, int read, OutputStream out) throws IOException {
            out.write(buffer, 0, read / 2);
            return lost();
        }

        /** Until the server has answered a request that came after the order. */
        private boolean answerLost(byte[] buffer, int read, OutputStream out, boolean isRequest) throws IOException {
            if (isRequest) {
                answerLost = true;
                return passed(buffer, read, out);
            }
            return answerLost ? lost() : passed(buffer, read, out);
        }
    }
}
