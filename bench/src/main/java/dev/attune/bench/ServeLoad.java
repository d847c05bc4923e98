package dev.attune.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Load on a server over plain sockets, from virtual threads:
 * <pre>
 * jobs PORT RATE SECONDS JOB     list, get and events of jobs, at a fixed rate whatever the answers take
 * streams PORT CLIENTS SECONDS MODEL   clients that stream answers one after the other
 * first PORT COUNT MODEL         the time to the first token
 * </pre>
 * At a fixed rate a request's time runs from when it was due, so that a server that stalls is seen (no coordinated
 * omission).
 */
public final class ServeLoad {
    private ServeLoad() {}

    /** Runs one of the loads and prints what it measured. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "jobs" -> jobs(port, Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4]);
            case "streams" -> streams(port, Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4]);
            case "first" -> first(port, Integer.parseInt(args[2]), args[3]);
            default -> throw new IllegalArgumentException("no such load: " + args[0]);
        }
    }

    private static void jobs(int port, int rate, int seconds, String job) throws Exception {
        List<String> paths = List.of("/v1/fine_tuning/jobs?limit=20", "/v1/fine_tuning/jobs/" + job,
                "/v1/fine_tuning/jobs/" + job + "/events?limit=20");
        run(port, paths, rate / 2, 3, "warm-up");
        for (String path : paths) {
            run(port, List.of(path), rate, seconds, path.replaceAll("ftjob-\\w+", "JOB"));
        }
        run(port, paths, rate, seconds, "all three");
    }

    private static void run(int port, List<String> paths, int rate, int seconds, String name) throws Exception {
        int total = rate * seconds;
        int connections = 64;
        var taken = new long[total];
        var next = new AtomicInteger();
        var failed = new AtomicInteger();
        long start = System.nanoTime() + 50_000_000;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < connections; i++) {
                all.add(threads.submit(() -> {
                    try (var client = new Client(port)) {
                        for (int at = next.getAndIncrement(); at < total; at = next.getAndIncrement()) {
                            long due = start + (long) at * 1_000_000_000 / rate;
                            long early = due - System.nanoTime();
                            if (early > 0) {
                                Thread.sleep(early / 1_000_000, (int) (early % 1_000_000));
                            }
                            if (client.get(paths.get(at % paths.size())) != 200) {
                                failed.incrementAndGet();
                            }
                            taken[at] = System.nanoTime() - due;
                        }
                    }
                    return true;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        double rateReached = total / ((System.nanoTime() - start) / 1e9);
        print(name, taken, String.format(Locale.ROOT, "%.0f/s, %d failed", rateReached, failed.get()));
    }

    private static void streams(int port, int clients, int seconds, String model) throws Exception {
        var answers = new AtomicLong();
        var frames = new AtomicLong();
        var failed = new AtomicInteger();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                int seed = i;
                threads.execute(() -> {
                    while (System.nanoTime() < end) {
                        try (var client = new Client(port)) {
                            frames.addAndGet(client.stream(body(model, seed, 24), new long[1]));
                            answers.incrementAndGet();
                        } catch (IOException e) {
                            failed.incrementAndGet();
                        }
                    }
                });
            }
        }
        System.out.printf(Locale.ROOT, "%d streaming clients, %d s: %d answers, %d frames, %d failed%n", clients,
                seconds,
                answers.get(), frames.get(), failed.get());
    }

    private static void first(int port, int count, String model) throws IOException {
        var taken = new long[count];
        for (int i = -5; i < count; i++) {
            try (var client = new Client(port)) {
                var first = new long[1];
                long began = System.nanoTime();
                client.stream(body(model, i, 4), first);
                if (i >= 0) {
                    taken[i] = first[0] - began;
                }
            }
        }
        print("first token over HTTP", taken, count + " requests one after the other");
    }

    private static String body(String model, int seed, int tokens) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + FirstToken.QUESTION
                + "\"}],\"stream\":true,\"max_tokens\":" + tokens + ",\"seed\":" + seed + "}";
    }

    static void print(String name, long[] nanos, String note) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(Locale.ROOT, "%-44s p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms  %s%n", name, at(sorted, 0.5),
                at(sorted, 0.99), at(sorted, 1), note);
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
    }

    /** One connection, kept open. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Client(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(120_000);
            in = new BufferedInputStream(socket.getInputStream(), 16_384);
        }

        int get(String path) throws IOException {
            send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            int length = 0;
            String status = line();
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            in.skipNBytes(length);
            return Integer.parseInt(status.substring(9, 12));
        }

        /** How many frames came, and when the first with text did. */
        int stream(String body, long[] first) throws IOException {
            send("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            String status = line();
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new IOException(status);
            }
            int frames = 0;
            for (String line = line(); !line.equals("data: [DONE]"); line = line()) {
                if (line.startsWith("data: ")) {
                    frames++;
                    if (first[0] == 0 && line.contains("\"delta\":{\"content\":")) {
                        first[0] = System.nanoTime();
                    }
                }
            }
            return frames;
        }

        private void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int at = in.read(); at != '\n'; at = in.read()) {
                if (at < 0) {
                    throw new IOException("the server closed the connection");
                }
                if (at != '\r') {
                    line.append((char) at);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
