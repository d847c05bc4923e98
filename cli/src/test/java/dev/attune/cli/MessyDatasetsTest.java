package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files as people have them, each messy in another way, and the way to a clean one with {@code check} and {@code prepare} alone. */
class MessyDatasetsTest {
    private static final Path MESSY = Path.of("src/test/resources/messy");
    private static final String TARGET = "openai:gpt-4.1-mini";

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

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

    private static String messy(String name) {
        return MESSY.resolve(name).toString();
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        int code = AttuneCommand.commandLine().execute(arguments);
        assertThat(err.toString(StandardCharsets.UTF_8)).as(String.join(" ", arguments)).doesNotContain("Exception");
        return code;
    }

    /** The codes of a check's findings. */
    private Set<String> check(int exitCode, String... arguments) {
        var line = new ArrayList<>(List.of("check", "--target", TARGET, "--format", "json"));
        line.addAll(List.of(arguments));
        assertThat(run(line.toArray(String[]::new))).as(out + "\n" + err).isEqualTo(exitCode);
        var codes = new TreeSet<String>();
        JsonNode report = JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
        for (String key : List.of("files", "eval_sets")) {
            report.path(key)
                    .forEach(file -> file.path("findings").forEach(one -> codes.add(one.path("code").asString())));
        }
        return codes;
    }

    private void prepare(String... arguments) {
        var line = new ArrayList<>(List.of("prepare", "--out", folder.resolve("data").toString()));
        line.addAll(List.of(arguments));
        assertThat(run(line.toArray(String[]::new))).as(out + "\n" + err).isZero();
    }

    private String prepared(String name) {
        return folder.resolve("data").resolve(name).toString();
    }

    @Test
    void anExcelExport() throws IOException {
        assertThat(check(1, messy("excel-export.csv"))).contains("other_format", "mojibake");
        prepare(messy("excel-export.csv"));
        assertThat(check(0, prepared("train.jsonl"))).doesNotContain("other_format", "mojibake");
        String rows = Files.readString(Path.of(prepared("train.jsonl")));
        assertThat(rows.lines()).hasSize(12);
        assertThat(rows).contains("I don’t see").contains("cafés").contains("We send it by e-mail.\\nYou can");
        assertThat(Files.readString(Path.of(prepared("report.txt")))).contains("Category");
    }

    @Test
    void aShareGptDump() throws IOException {
        assertThat(check(1, messy("sharegpt-dump.json"))).contains("other_format");
        prepare("--skip-faulty", messy("sharegpt-dump.json"));
        assertThat(check(0, prepared("train.jsonl"))).doesNotContain("other_format", "duplicate_row",
                "hidden_character");
        assertThat(Files.readAllLines(Path.of(prepared("train.jsonl")))).hasSize(12);
        assertThat(Files.readString(Path.of(prepared("report.json")))).contains("duplicate_row");
    }

    @Test
    void aFunctionCallFileFromBeforeTools() throws IOException {
        String fixed = folder.resolve("fixed.jsonl").toString();
        assertThat(check(0, messy("old-functions.jsonl"))).contains("deprecated_function_call", "deprecated_functions");
        assertThat(check(0, messy("old-functions.jsonl"), "--fix", fixed)).doesNotContain("deprecated_function_call",
                "deprecated_functions", "blank_line");
        String rows = Files.readString(Path.of(fixed));
        assertThat(rows).doesNotContain("\r").doesNotContain("\uFEFF").contains("\"tool_calls\"")
                .contains("\"tool_call_id\"").contains("\"tools\"");
        assertThat(Path.of(fixed + ".changes.jsonl")).isNotEmptyFile();
    }

    @Test
    void aClassificationSetThatLeaksIntoItsTest() throws IOException {
        String train = messy("labels-train.jsonl");
        String test = messy("labels-test.jsonl");
        assertThat(check(1, train, "--eval-set", test)).contains("duplicate_row", "contradiction", "contaminated_item",
                "example_unrecognized_key");
        prepare(train, test, "--settle-contradictions", "--split", "0.7,0.15,0.15", "--seed", "7");
        assertThat(check(0, prepared("train.jsonl"), "--eval-set", prepared("test.jsonl")))
                .doesNotContain("duplicate_row", "contradiction", "contaminated_item", "example_unrecognized_key");
        assertThat(Files.readString(Path.of(prepared("report.txt")))).contains("agree on no answer");
    }

    @Test
    void aScrapedFaq() throws IOException {
        assertThat(check(1, messy("scraped-faq.jsonl"))).contains("other_format", "pii_email", "pii_iban");
        prepare("--mask-pii", "--strip-html", messy("scraped-faq.jsonl"));
        assertThat(check(0, prepared("train.jsonl"))).doesNotContain("other_format", "pii_email", "pii_iban",
                "pii_phone", "html_entity", "html_remnant");
        String rows = Files.readString(Path.of(prepared("train.jsonl")));
        assertThat(rows).doesNotContain("maria.brandt").doesNotContain("DE89").doesNotContain("&nbsp;")
                .doesNotContain("<b>").contains("[EMAIL_1]");
    }

    @Test
    void checkAloneRepairsADump() throws IOException {
        String fixed = folder.resolve("my fixed rows.jsonl").toString();
        assertThat(run("check", messy("sharegpt-dump.json"), "--target", TARGET, "--fix", fixed))
                .isEqualTo(CommandException.FAILED);
        assertThat(check(0, messy("sharegpt-dump.json"), "--fix", fixed, "--skip-faulty"))
                .doesNotContain("other_format", "duplicate_row", "hidden_character");
        assertThat(Files.readAllLines(Path.of(fixed))).hasSize(12);
        assertThat(run("check", fixed, "--skip-faulty")).isEqualTo(2);
    }

    @Test
    void rowsAreShownAsTheModelSeesThem() {
        assertThat(run("check", messy("labels-train.jsonl"), "--target", TARGET, "--show-mask", "--line", "2,9999"))
                .isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("line 2: ").contains("[assistant]\n  ⟦")
                .contains("begins on line 9999");
        assertThat(run("check", messy("labels-train.jsonl"), "--show-mask", "--format", "json")).isEqualTo(2);
        assertThat(run("check", messy("labels-train.jsonl"), "--line", "2")).isEqualTo(2);
    }

    @Test
    void stratifyingGoesWithNoOtherMode() {
        assertThat(run("prepare", messy("labels-train.jsonl"), "--out", folder.resolve("x").toString(), "--split",
                "0.8,0.2", "--stratify", "label", "--sticky")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--stratify goes with neither");
    }

    @Test
    void whatIsThereIsNotWrittenOver() throws IOException {
        prepare(messy("excel-export.csv"));
        assertThat(run("prepare", messy("excel-export.csv"), "--out", folder.resolve("data").toString()))
                .isEqualTo(CommandException.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is not empty").contains("--force");
        prepare(messy("excel-export.csv"), "--force", "--keep", "Category");
        assertThat(Files.readString(Path.of(prepared("train.jsonl")))).contains("\"Category\":\"billing\"");
        try (var left = Files.list(folder)) {
            assertThat(left.toList()).containsExactly(folder.resolve("data"));
        }
    }

    @Test
    void countSaysTokensAndPrice() {
        assertThat(run("count", messy("labels-train.jsonl"), messy("sharegpt-dump.json"), "--target", "openai:gpt-4o"))
                .as(err.toString(StandardCharsets.UTF_8)).isEqualTo(CommandException.FAILED);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("p50").contains("$").contains("could not be counted");
    }

    @Test
    void everyFormatAndExplanation() {
        assertThat(run("check", messy("labels-train.jsonl"), "--target", TARGET, "--format", "html")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("<!doctype html>").contains("<svg");
        assertThat(run("check", messy("labels-train.jsonl"), "--target", TARGET)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("contradiction").contains("--explain");
        assertThat(run("check", "--explain", "contradiction")).isZero();
        assertThat(run("check", "--explain", "contradictoin")).isEqualTo(2);
        assertThat(run("check", messy("nowhere.jsonl"))).isEqualTo(2);
        assertThat(run("check", messy("labels-train.jsonl"), "--target", "openai:gpt-4.1-mni")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("gpt-4.1-mini-2025-04-14");
    }
}
