package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that reads server-sent events, and hangs up when it is closed. */
final class Tail implements AutoCloseable {

    /** @param id as it was sent with the event; −1 where it had none */
    record Event(String name, long id, String data) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<String, String> headers = new TreeMap<>();
    private final Socket socket;

    private Tail(Socket socket) {
        this.socket = socket;
    }

    static Tail open(int port, String path, String... headers) {
        try {
            return of(new Socket(InetAddress.getLoopbackAddress(), port), path, headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads it on a connection that is there. */
    static Tail of(Socket socket, String path, String... headers) {
        try {
            // HTTP/1.0 is answered without chunks.
            StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n");
            for (int i = 0; i < headers.length; i += 2) {
                request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            String head = KeysForTests.inHead(request + "\r\n", socket.getPort());
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).contains(" 200");
            Tail tail = new Tail(socket);
            for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                int colon = line.indexOf(':');
                tail.headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
            Thread reader = new Thread(() -> tail.read(lines), "tail");
            reader.setDaemon(true);
            reader.start();
            return tail;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(BufferedReader lines) {
        try {
            String name = "";
            long id = -1;
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = Long.parseLong(line.substring(4));
                } else if (line.startsWith("data: ")) {
                    data.append(data.isEmpty() ? "" : "\n").append(line.substring(6));
                } else if (line.isEmpty() && !name.isEmpty()) {
                    events.add(new Event(name, id, data.toString()));
                    name = "";
                    id = -1;
                    data.setLength(0);
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** Returns the next event, once it has come. */
    Event next() {
        try {
            Event event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("the next event").isNotNull();
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns what has come and was not asked for yet. */
    List<Event> left() {
        List<Event> left = new ArrayList<>();
        events.drainTo(left);
        return left;
    }

    void expect(String name, long id, String data) {
        assertThat(next()).isEqualTo(new Event(name, id, data));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
