package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.e2e.Attune.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher from anywhere, and how signals reach what it starts. */
class LauncherIT {
    @Test
    void worksFromAnyFolderThroughALinkAndWithAnOldDefaultJava(@TempDir Path folder) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("attune link"), Attune.LAUNCHER);
        Outcome outcome = Attune.finish(Attune.builder(List.of(link.toString(), "version"), Map.of(), folder),
                Duration.ofMinutes(1));
        assertThat(outcome.out()).as(outcome.err()).startsWith("attune ").contains("java 25");
        assertThat(outcome.code()).isZero();
        Files.delete(link);
    }

    @Test
    void exitCodesComeThrough() {
        assertThat(Attune.run("version").code()).isZero();
        assertThat(Attune.run("jobs", "list").code()).isEqualTo(1);
        assertThat(Attune.run("nonsense").code()).isEqualTo(2);
    }

    @Test
    void theSignalOfCtrlCStopsTheServerCleanly(@TempDir Path folder) throws InterruptedException, IOException {
        Path home = folder.resolve("home");
        Path out = folder.resolve("out.txt");
        // What a shell starts in the background ignores SIGINT, and so would the server where the tests run like that.
        Process process = Attune
                .builder(List.of("env", "--default-signal=INT", Attune.LAUNCHER.toString(), "serve", "--port", "0",
                        "--home", home.toString()), Map.of(), folder)
                .redirectOutput(out.toFile()).redirectErrorStream(true).start();
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!Files.readString(out).contains("listening")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(Files.readString(out).lines()).hasSize(1);
        try (var again = Serving.start(home, 0)) {
            assertThat(again.baseUrl()).startsWith("http://127.0.0.1:");
        }
    }
}
