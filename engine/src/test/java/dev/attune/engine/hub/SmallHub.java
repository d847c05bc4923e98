package dev.attune.engine.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * A hub with one model, served in this process as huggingface.co serves: a list with sizes and sums, small files directly,
 * weights by a redirect to another address. It can be told to misbehave.
 */
final class SmallHub implements AutoCloseable {
    static final String MODEL = "tiny/chat";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final Map<String, byte[]> files = new LinkedHashMap<>();
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    /** How many answers with weights end in the middle. */
    final AtomicInteger breaks = new AtomicInteger();
    /** How many answers are 503. */
    final AtomicInteger busy = new AtomicInteger();
    volatile String commit = "c0ffee0000000000000000000000000000000001";
    volatile boolean lists = true;
    volatile boolean ranges = true;
    volatile boolean corrupt;
    volatile int status = 200;
    volatile String errorCode = "";
    volatile String token = "";

    private final HttpServer server;

    private SmallHub(HttpServer server) {
        this.server = server;
    }

    /** A hub that has the files of a folder. */
    static SmallHub of(Path folder) throws IOException {
        var hub = new SmallHub(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        try (var entries = Files.list(folder)) {
            for (Path file : entries.sorted().toList()) {
                hub.files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        }
        hub.server.createContext("/", hub::handle);
        hub.server.start();
        return hub;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    HubEndpoint endpoint(String asToken) {
        return new HubEndpoint(address(), asToken);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(path + (range == null ? "" : " " + range) + (authorization == null ? "" : " authorized"));
        try (exchange) {
            if (busy.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
            } else if (status != 200) {
                exchange.getResponseHeaders().set("X-Error-Code", errorCode);
                exchange.sendResponseHeaders(status, -1);
            } else if (!path.startsWith("/cdn/") && !token.isEmpty() && !("Bearer " + token).equals(authorization)) {
                exchange.sendResponseHeaders(401, -1);
            } else if (path.equals("/api/models/" + MODEL + "/revision/main")) {
                send(exchange, listing(), 0);
            } else if (path.startsWith("/" + MODEL + "/resolve/" + commit + "/")) {
                resolve(exchange, path.substring(("/" + MODEL + "/resolve/" + commit + "/").length()));
            } else if (path.startsWith("/cdn/")) {
                weights(exchange, path.substring("/cdn/".length()), range);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private byte[] listing() {
        var siblings = new ArrayList<Map<String, Object>>();
        files.forEach((name, content) -> {
            var file = new LinkedHashMap<String, Object>(Map.of("rfilename", name));
            if (lists) {
                file.put("size", content.length);
                file.put("blobId", gitBlob(content));
                if (isLarge(name)) {
                    file.put("lfs", Map.of("sha256", sha256(content), "size", content.length, "pointerSize", 130));
                }
            }
            siblings.add(file);
        });
        return JSON.writeValueAsBytes(Map.of("id", MODEL, "sha", commit, "siblings", siblings));
    }

    private static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".bin");
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (isLarge(name)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + sha256(content) + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
            // Another host, as far as a client can tell.
            exchange.getResponseHeaders().set("Location",
                    "http://localhost:" + server.getAddress().getPort() + "/cdn/" + name);
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().set("ETag", "W/\"" + gitBlob(content) + '"');
            send(exchange, content, 0);
        }
    }

    private void weights(HttpExchange exchange, String name, @org.jspecify.annotations.Nullable String range)
            throws IOException {
        byte[] content = files.getOrDefault(name, new byte[0]).clone();
        if (corrupt) {
            content[content.length / 2] ^= 1;
        }
        int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            exchange.getResponseHeaders().set("Content-Range",
                    "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        if (breaks.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            OutputStream body = exchange.getResponseBody();
            body.write(content, from, (content.length - from) / 2);
            body.flush();
            return;
        }
        send(exchange, content, from);
    }

    private static void send(HttpExchange exchange, byte[] content, int from) throws IOException {
        byte[] rest = Arrays.copyOfRange(content, from, content.length);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
        exchange.getResponseBody().write(rest);
    }

    private static String sha256(byte[] content) {
        return hex("SHA-256", content);
    }

    private static String gitBlob(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hex("SHA-1", all);
    }

    private static String hex(String kind, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(kind).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
