package dev.attune.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * upload PORT BYTES              a file in one piece
 * </pre>
 * At a fixed rate a request's time runs from when it was due, so that a server that stalls is seen (no coordinated
 * omission).
 */
public final class ServeLoad {
    private static final int CONNECTIONS = 32;

    private ServeLoad() {}

    /** Runs one of the loads and prints what it measured. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "jobs" -> jobs(port, Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4]);
            case "streams" -> streams(port, Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4]);
            case "first" -> first(port, Integer.parseInt(args[2]), args[3]);
            case "upload" -> upload(port, Long.parseLong(args[2]));
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
        List<byte[]> requests = paths.stream().map(path -> ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)).toList();
        var taken = new long[total];
        var next = new AtomicInteger();
        var failed = new AtomicInteger();
        long start = System.nanoTime() + 50_000_000;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(threads.submit(() -> {
                    try (var client = new Client(port)) {
                        for (int at = next.getAndIncrement(); at < total; at = next.getAndIncrement()) {
                            long due = start + (long) at * 1_000_000_000 / rate;
                            long early = due - System.nanoTime();
                            if (early > 0) {
                                Thread.sleep(early / 1_000_000, (int) (early % 1_000_000));
                            }
                            if (client.get(requests.get(at % requests.size())) != 200) {
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

    private static void upload(int port, long bytes) throws IOException {
        try (var client = new Client(port)) {
            long began = System.nanoTime();
            int status = client.upload(bytes);
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(Locale.ROOT, "upload of %d MB: status %d, %.2f s, %.0f MB/s%n", bytes >> 20, status,
                    seconds, bytes / 1048576.0 / seconds);
        }
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

    /** One connection, kept open, with a buffer of its own: what the client costs is taken from the server's cores. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] buffer = new byte[32_768];
        private int start;
        private int end;

        Client(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(120_000);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        /** The status of the answer; its body is read and thrown away. */
        int get(byte[] request) throws IOException {
            out.write(request);
            String status = line();
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            while (length > 0) {
                if (start == end) {
                    fill();
                }
                int taken = Math.min(length, end - start);
                start += taken;
                length -= taken;
            }
            return Integer.parseInt(status.substring(9, 12));
        }

        /** How many frames came, and when the first with text did. */
        int stream(String body, long[] first) throws IOException {
            out.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
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

        /** The status of an upload of so many bytes in rows, made while they are sent. */
        int upload(long bytes) throws IOException {
            byte[] head = ("--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--b\r\n"
                    + "Content-Disposition: form-data; name=\"file\"; filename=\"rows.jsonl\"\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] tail = "\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII);
            byte[] row = ("{\"messages\":[{\"role\":\"user\",\"content\":\"" + "a".repeat(900)
                    + "\"},{\"role\":\"assistant\",\"content\":\"yes\"}]}\n").getBytes(StandardCharsets.US_ASCII);
            out.write(("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                    + "Content-Length: " + (head.length + bytes + tail.length) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(head);
            var many = new byte[row.length * 64];
            for (int at = 0; at < many.length; at += row.length) {
                System.arraycopy(row, 0, many, at, row.length);
            }
            for (long left = bytes; left > 0; left -= Math.min(left, many.length)) {
                out.write(many, 0, (int) Math.min(left, many.length));
            }
            out.write(tail);
            return Integer.parseInt(line().substring(9, 12));
        }

        private String line() throws IOException {
            var line = new StringBuilder(80);
            while (true) {
                if (start == end) {
                    fill();
                }
                char at = (char) (buffer[start++] & 0xFF);
                if (at == '\n') {
                    return line.toString();
                }
                if (at != '\r') {
                    line.append(at);
                }
            }
        }

        private void fill() throws IOException {
            start = 0;
            end = in.read(buffer);
            if (end < 0) {
                end = 0;
                throw new IOException("the server closed the connection");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
