package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line inside this process: what it understands, what it refuses, and with which exit code. */
class AttuneCommandTest {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "check", "run", "serve", "tune", "jobs", "models", "chat", "version",
            "pretrain", "train-worker", "prepare", "count", "eval", "compare", "keys", "doctor", "backup", "restore"})
    void everyCommandHasHelpWithExamples(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out()).contains("Usage: attune " + command).contains("attune " + command);
        assertThat(run("--help")).isZero();
        assertThat(out()).contains("  " + command);
    }

    @Test
    void aModelsFolderIsCheckedWithoutAServer(@TempDir Path folder) throws Exception {
        assertThat(run("models", "check", "../fixtures/tiny-chat")).isZero();
        assertThat(out()).contains("llama").contains("loads and can be tuned").contains("to tune");
        assertThat(run("models", "check", "--json", "../fixtures/tiny-chat")).isZero();
        assertThat(out()).contains("\"family\" : \"llama\"").containsPattern("\"problems\" : \\[ *\\]");

        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"mamba\"}");
        assertThat(run("models", "check", folder.toString())).isEqualTo(CommandException.FAILED);
        assertThat(out()).contains("mamba").contains("tokenizer.json").contains("cannot be tuned");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chta", "keys", "keys create", "keys create a --role king", "backup", "restore",
            "serve --port x", "serve --port 70000", "tune", "tune --train a", "jobs",
            "jobs show", "models", "chat", "check",
            "check a --format pdf", "check a b --fix c", "check a --fail-on never", "prepare", "prepare a", "count",
            "run", "eval", "compare", "compare a b", "compare a b --data c --prompt d", "eval a --format pdf",
            "--nonsense", "tune --train a --model b --epochs 0",
            "tune --train a --model b --epochs many",
            "tune --train a --model b --learning-rate-multiplier -1", "quickstart --example nowhere/.."})
    void wrongUsageIsOneSentenceAndTwo(String line) {
        int code = run(line.split(" "));
        assertThat(err().lines().toList()).as(line).hasSize(1).allMatch(said -> said.startsWith("attune: "));
        assertThat(err()).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(code).as(line + ": " + err())
                .isEqualTo(line.startsWith("quickstart") ? code : CommandException.USAGE);
        assertThat(code).isNotZero();
    }

    @Test
    void misspelledCommandsAreGuessed() {
        run("serv");
        assertThat(err()).contains("did you mean serve");
    }

    @Test
    void missingFilesAndFoldersAreNamed(@TempDir Path folder) {
        assertThat(run("check", folder.resolve("nowhere.jsonl").toString(), "--target", "openai:gpt-4o"))
                .isEqualTo(CommandException.USAGE);
        assertThat(out()).contains("nowhere.jsonl does not exist");
        assertThat(run("check", folder.toString(), "--target", "openai:gpt-4o")).isEqualTo(CommandException.USAGE);
        assertThat(out()).contains(folder + " is a directory");
        assertThat(run("count", folder.toString(), "--target", "openai:gpt-4o")).isEqualTo(CommandException.FAILED);
        assertThat(err()).contains(folder + " is a folder");
    }

    @Test
    void withoutAServerTheSentenceSaysHowToGetOne() {
        // Surefire runs without OPENAI_BASE_URL.
        assertThat(run("jobs", "list")).isEqualTo(CommandException.FAILED);
        assertThat(err()).contains("OPENAI_BASE_URL").contains("attune serve");
    }

    @Test
    void aJobThatIsNotHereIsNamedWithWhereItWasLookedFor(@TempDir Path folder) {
        assertThat(run("jobs", "rows", "ftjob-none", "--home", folder.toString())).isEqualTo(CommandException.FAILED);
        assertThat(err()).contains("there is no job ftjob-none in " + folder.resolve("jobs")).contains("--home");
    }

    @Test
    void unreachableServersAreNotBlamedOnTheUser() {
        assertThat(run("models", "list", "--base-url", "http://127.0.0.1:9/v1")).isEqualTo(CommandException.FAILED);
        assertThat(err().lines()).hasSize(1);
        assertThat(err()).contains("does not answer");
    }

    @Test
    void debugShowsTheStackTrace() {
        run("count", "nowhere.jsonl", "--debug");
        assertThat(err()).contains("\tat dev.attune.cli.");
    }

    private static int run(String... arguments) {
        return AttuneCommand.commandLine().execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void keysAreMadeShownAndRevoked(@TempDir Path folder) {
        assertThat(run("keys", "create", "ci", "--role", "train", "--organization", "acme", "--home",
                folder.toString())).isZero();
        String secret = out().strip();
        assertThat(secret).matches("sk-attune-[A-Za-z0-9]{44}");
        assertThat(err()).contains("only time").contains("key_");
        String id = err().replaceAll("(?s).*(key_[A-Za-z0-9]+).*", "$1");
        assertThat(run("keys", "list", "--home", folder.toString())).isZero();
        assertThat(out()).contains(id, "ci", "acme", "train");
        assertThat(out().replace(secret, "")).contains("sk-attune-" + secret.substring(10, 12) + "…");
        assertThat(run("keys", "revoke", id, "--home", folder.toString())).isZero();
        assertThat(run("keys", "revoke", id, "--home", folder.toString())).isEqualTo(CommandException.FAILED);
    }
}
