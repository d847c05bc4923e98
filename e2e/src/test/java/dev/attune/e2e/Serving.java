package dev.attune.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code attune serve}, started by the launcher like any user starts it; stopped when closed. */
final class Serving implements AutoCloseable {
    static final String MODEL = "tiny-chat";
    private static final Pattern READY = Pattern.compile("Attune is listening on (http://127\\.0\\.0\\.1:(\\d+)/v1)");

    private final Process process;
    private final String baseUrl;
    private final int port;

    private Serving(Process process, String baseUrl, int port) {
        this.process = process;
        this.baseUrl = baseUrl;
        this.port = port;
    }

    /** Starts a server with the tiny model on a port, 0 for a free one, and waits for its ready line. */
    static Serving start(Path home, int port) {
        try {
            Path err = home.resolveSibling(home.getFileName() + ".err");
            Process process = Attune
                    .builder(List.of(Attune.LAUNCHER.toString(), "serve", "--port", Integer.toString(port), "--home",
                            home.toString(), "--models", Attune.FIXTURES.toString()), Map.of(), Attune.ROOT)
                    .redirectError(err.toFile()).start();
            // Nothing else is ever printed there, so the reader may be left open.
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            Matcher ready = READY.matcher(line == null ? "" : line);
            if (!ready.matches()) {
                process.destroyForcibly();
                throw new AssertionError(
                        "The first line of attune serve was " + line + "; it said\n" + Files.readString(err));
            }
            return new Serving(process, ready.group(1), Integer.parseInt(ready.group(2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String baseUrl() {
        return baseUrl;
    }

    int port() {
        return port;
    }

    /** What a client's environment needs to speak to this server. */
    Map<String, String> environment() {
        return Map.of("OPENAI_BASE_URL", baseUrl, "OPENAI_API_KEY", "any");
    }

    /** The trainers that run for this server now. */
    List<ProcessHandle> trainers() {
        return process.descendants().toList();
    }

    /** As {@code kill -9} does: nothing is flushed, no hook runs. Trainers live on until they notice. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As Ctrl-C or {@code kill} do. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("attune serve did not stop in 30 seconds");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = trainers();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
