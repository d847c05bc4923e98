package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official Node SDK and plain curl, unmodified, against {@code attune serve}; run where these programs exist. */
class OtherClientsIT {
    private static final Path HERE = Attune.ROOT.resolve("e2e");

    @Test
    void curlUploadsTunesFollowsAndChats(@TempDir Path folder) {
        assumePresent("curl", "--version");
        Path train = Examples.write(folder.resolve("train.jsonl"), 0, 16);
        try (var server = Serving.start(folder.resolve("home"), 0)) {
            var outcome = Attune
                    .finish(Attune.builder(List.of("bash", HERE.resolve("curl/tune.sh").toString(), train.toString(),
                            Serving.MODEL), server.environment(), folder), Duration.ofMinutes(3));
            assertThat(outcome.out()).as(outcome.err()).endsWith("curl ok\n");
            assertThat(outcome.code()).isZero();
        }
    }

    @Test
    void nodeUploadsTunesFollowsAndChats(@TempDir Path folder) throws IOException {
        assumePresent("node", "--version");
        assumePresent("npm", "--version");
        Path project = Files.createDirectory(folder.resolve("node"));
        for (String file : List.of("package.json", "package-lock.json", "tune.js")) {
            Files.copy(HERE.resolve("node").resolve(file), project.resolve(file));
        }
        var install = Attune.finish(
                Attune.builder(List.of("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"), Map.of(), project),
                Duration.ofMinutes(2));
        if (install.code() != 0) {
            System.err.println(
                    "The Node SDK is not tested: npm ci failed, most likely without a registry: " + install.err());
        }
        assumeTrue(install.code() == 0, "npm ci failed");
        Path train = Examples.write(folder.resolve("train.jsonl"), 0, 16);
        Path validation = Examples.write(folder.resolve("validation.jsonl"), 100, 4);
        try (var server = Serving.start(folder.resolve("home"), 0)) {
            var outcome = Attune.finish(
                    Attune.builder(List.of("node", "tune.js", train.toString(), validation.toString(), Serving.MODEL),
                            server.environment(), project),
                    Duration.ofMinutes(3));
            assertThat(outcome.out()).as(outcome.err()).endsWith("node sdk ok\n");
            assertThat(outcome.code()).isZero();
        }
    }

    private static void assumePresent(String... command) {
        boolean present;
        try {
            present = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException e) {
            present = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            present = false;
        }
        if (!present) {
            System.err.println(command[0] + " is not tested: there is no such program here.");
        }
        assumeTrue(present, command[0] + " is absent");
    }
}
