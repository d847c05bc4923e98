package dev.attune.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The launcher as a stranger calls it, in a process of its own. */
final class Attune {
    static final Path ROOT = Path.of(System.getProperty("attune.root", "..")).toAbsolutePath().normalize();
    static final Path FIXTURES = ROOT.resolve("fixtures");
    static final Path LAUNCHER = ROOT.resolve("attune");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Attune() {}

    /**
     * How a process ended.
     *
     * @param out standard output
     * @param err standard error
     */
    record Outcome(int code, String out, String err) {
        /** The lines of standard error; a failure tells itself in exactly one. */
        List<String> errorLines() {
            return err.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    /** Runs a command in the root and waits for its end. */
    static Outcome run(String... arguments) {
        return run(Map.of(), ROOT, LIMIT, arguments);
    }

    /** Runs a command with more environment, in a folder, for a limited time. */
    static Outcome run(Map<String, String> environment, Path folder, Duration limit, String... arguments) {
        var line = new ArrayList<String>();
        line.add(LAUNCHER.toString());
        line.addAll(List.of(arguments));
        return finish(builder(line, environment, folder), limit);
    }

    /** Runs any program to its end. */
    static Outcome finish(ProcessBuilder builder, Duration limit) {
        try {
            Path out = Files.createTempFile("attune-out", ".txt");
            Path err = Files.createTempFile("attune-err", ".txt");
            try {
                Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(builder.command() + " did not end in " + limit + "; it said\n"
                            + Files.readString(out) + Files.readString(err));
                }
                return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                        Files.readString(err, StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A process that inherits nothing of this machine's settings for Attune and never builds. */
    static ProcessBuilder builder(List<String> line, Map<String, String> environment, Path folder) {
        var builder = new ProcessBuilder(line).directory(folder.toFile());
        for (String name : List.of("OPENAI_BASE_URL", "OPENAI_API_KEY", "ATTUNE_HOME", "ATTUNE_API_KEY",
                "ATTUNE_DEBUG")) {
            builder.environment().remove(name);
        }
        builder.environment().put("ATTUNE_NO_BUILD", "1");
        builder.environment().putAll(environment);
        return builder;
    }
}
