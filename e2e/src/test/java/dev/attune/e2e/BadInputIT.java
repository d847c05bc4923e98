package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attune.e2e.Attune.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of bad input tells itself in one sentence with the right exit code, and leaves nothing half-made. */
class BadInputIT {
    @TempDir
    Path folder;

    @Test
    void missingFile() {
        unusable(folder.resolve("nowhere.jsonl"), "nowhere.jsonl does not exist");
    }

    @Test
    void directoryInsteadOfAFile() {
        unusable(folder, folder + " is a directory");
    }

    @Test
    void emptyFile() {
        unusable(Examples.write(folder.resolve("empty.jsonl"), List.of()), "is empty");
    }

    @Test
    void invalidJsonInLine37() {
        Path file = Examples.write(folder.resolve("rows.jsonl"), 0, 40);
        checked(replaced(file, 37, "{\"messages\": [{\"role\": \"user\" \"content\": 1}]}"), "line 37");
    }

    @Test
    void rowWithoutAnAssistantTurn() {
        Path file = Examples.write(folder.resolve("rows.jsonl"), 0, 12);
        Outcome outcome = checked(replaced(file, 5, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
                "line 5");
        assertThat(outcome.out()).containsIgnoringCase("assistant");
    }

    @Test
    void nineExamples() {
        checked(Examples.write(folder.resolve("nine.jsonl"), 0, 9),
                "has 9 example(s), but must have at least 10 examples");
    }

    @Test
    void unknownModelAndUnknownJobAtTheServer() {
        Path home = folder.resolve("home");
        Path train = Examples.write(folder.resolve("train.jsonl"), 0, 12);
        try (var server = Serving.start(home, 0)) {
            refused(run(server, "tune", "--train", train.toString(), "--model", "no-such-model"), 1, "no-such-model");
            refused(run(server, "chat", "no-such-model", "hello"), 1, "no-such-model");
            refused(run(server, "jobs", "show", "ftjob-nowhere"), 1, "ftjob-nowhere");
            refused(run(server, "jobs", "watch", "ftjob-nowhere"), 1, "ftjob-nowhere");
            refused(run(server, "jobs", "cancel", "ftjob-nowhere"), 1, "ftjob-nowhere");
            assertThat(run(server, "jobs", "list").out()).contains("No jobs yet");
        }
    }

    @Test
    void unknownBaseModelForACheck() {
        Path file = Examples.write(folder.resolve("rows.jsonl"), 0, 12);
        refused(Attune.run("check", file.toString(), "--model", "no-such-model"), 2, "no-such-model");
    }

    @Test
    void baseDirectoryWithoutWeights() throws IOException {
        Path models = Files.createDirectory(folder.resolve("models"));
        Path bare = Files.createDirectory(models.resolve("bare"));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")) {
            Files.copy(Attune.FIXTURES.resolve("tiny-chat").resolve(file), bare.resolve(file));
        }
        Examples.write(folder.resolve("train.jsonl"), 0, 20);
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                name: bare
                base: bare
                provider: attune
                data: { train: train.jsonl, split: { validation: 0.1, test: 0.2 }, seed: 7 }
                tune: { method: supervised, epochs: 1 }
                evaluate: { scorers: [exact], against: base }
                report: report.html
                """);
        Outcome outcome = Attune.run(Map.of(), folder, Duration.ofMinutes(2), "run", recipe.toString(), "--models",
                models.toString(), "--home",
                folder.resolve("home").toString());
        refused(outcome, 1, "bare");
        assertThat(folder.resolve("report.html")).doesNotExist();
    }

    @Test
    void portInUse() {
        try (var server = Serving.start(folder.resolve("first"), 0)) {
            Path second = folder.resolve("second");
            refused(Attune.run("serve", "--port", Integer.toString(server.port()), "--home", second.toString()), 1,
                    "port " + server.port());
            assertThat(second).doesNotExist();
            refused(Attune.run("serve", "--port", "0", "--home", folder.resolve("first").toString()), 1, "first");
        }
    }

    @Test
    void unknownKeysOfARecipeAreNamed() throws IOException {
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                name: x
                base: attune-nano
                data: { train: rows.jsonl }
                tune: { epoch: 3 }
                """);
        Outcome outcome = Attune.run("run", recipe.toString());
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("epoch").doesNotContain("Exception");
    }

    @Test
    void jdk17() throws IOException {
        Path old = Files.createDirectories(folder.resolve("jdk-17/bin"));
        Files.writeString(folder.resolve("jdk-17/release"), "JAVA_VERSION=\"17.0.15\"\n");
        for (String program : List.of("java", "javac")) {
            Path file = Files.writeString(old.resolve(program), "#!/bin/sh\necho 'openjdk version \"17.0.15\"' >&2\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Outcome outcome = Attune.run(Map.of("JAVA_HOME", old.getParent().toString(), "ATTUNE_JDK_FOLDERS", "", "PATH",
                old + ":/usr/bin:/bin", "HOME", folder.toString()), folder, Duration.ofSeconds(20), "version");
        assumeTrue(!outcome.out().startsWith("attune "), "a JDK 25 is the default of this machine");
        refused(outcome, 1, "JDK 25");
    }

    @Test
    void fullDisk() throws IOException {
        Path home = Files.createDirectory(folder.resolve("small"));
        var probe = Attune.finish(Attune.builder(
                List.of("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs " + home), Map.of(),
                folder), Duration.ofSeconds(10));
        if (probe.code() != 0) {
            System.err.println("The full disk is not tested: no tmpfs can be mounted here.");
        }
        assumeTrue(probe.code() == 0, "no tmpfs");
        String script = "mount -t tmpfs -o size=1m tmpfs " + home + " && head -c 2m /dev/zero > " + home
                + "/filler 2> /dev/null; exec " + Attune.LAUNCHER
                + " serve --port 0 --home " + home + "/home";
        refused(Attune.finish(Attune.builder(
                List.of("unshare", "-rm", "sh", "-c", script),
                Map.of(), folder), Duration.ofMinutes(1)), 1, "make room");
    }

    private static Outcome run(Serving server, String... arguments) {
        return Attune.run(server.environment(), Attune.ROOT, Duration.ofMinutes(1), arguments);
    }

    /** A check that finds errors prints them and ends with 1. */
    private static Outcome checked(Path file, String finding) {
        return checked(file, finding, 1);
    }

    /** A check of what cannot be read at all says so in its report and ends with 2. */
    private static void unusable(Path file, String finding) {
        checked(file, finding, 2);
    }

    private static Outcome checked(Path file, String finding, int code) {
        Outcome outcome = Attune.run("check", file.toString(), "--model",
                Attune.FIXTURES.resolve("tiny-chat").toString());
        assertThat(outcome.out()).as(outcome.err()).contains(finding);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isEqualTo(code);
        return outcome;
    }

    private static void refused(Outcome outcome, int code, String what) {
        assertThat(outcome.errorLines()).as(outcome.out()).hasSize(1).first().asString().startsWith("attune: ")
                .contains(what);
        assertThat(outcome.code()).isEqualTo(code);
    }

    private static Path replaced(Path file, int line, String text) {
        try {
            var lines = new ArrayList<>(Files.readAllLines(file));
            lines.set(line - 1, text);
            return Examples.write(file, lines);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
