package dev.attune.dataset.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.Problem;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files checked as a whole, and the report of them as JSON and as a page. A word is a token. */
class FileCheckerTest {
    private static final Path SCHEMA = Path.of("../schemas/check-report.schema.json");
    private static final TokenCounter WORDS = conversation -> {
        int all = conversation.messages().stream().mapToInt(message -> message.content().split(" ", -1).length).sum();
        return new TokenCount(all, conversation.messages().getLast().content().split(" ", -1).length);
    };
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;

    private static CheckReport check(String target, List<Path> files, List<Path> evalSets) {
        PriceList prices = target.startsWith("openai") ? PriceList.shipped() : PriceList.NONE;
        return new FileChecker(Target.parse(target), WORDS,
                report -> target.startsWith("attune")
                        ? CostEstimate.local("nano", report.tokens().perRow(), 3, 1000)
                        : report.estimate(-1, prices),
                LocalDate.of(2026, 11, 21)).check(files, evalSets);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
    }

    private static String row(String question, String answer) {
        return JSON.writeValueAsString(JSON.createObjectNode().set("messages",
                JSON.createArrayNode().add(JSON.createObjectNode().put("role", "user").put("content", question))
                        .add(JSON.createObjectNode().put("role", "assistant").put("content", answer))))
                + "\n";
    }

    private static String good(int rows) {
        String[] towns = {"Oslo", "Lima", "Cairo", "Quito", "Dakar", "Hanoi", "Turin", "Perth", "Delhi", "Seoul",
                "Osaka", "Bergen"};
        var text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(row("Where does number " + i * 17 + " of the line to " + towns[i % 12] + " stop first?",
                    "It stops at gate " + (i * 7 + 3) + " near the old bridge of " + towns[(i + 5) % 12] + "."));
        }
        return text.toString();
    }

    private static List<String> codes(CheckReport report) {
        return report.findings().map(FindingGroup::code).distinct().toList();
    }

    @Test
    void aGoodFileHasNoErrors() throws IOException {
        CheckReport report = check("attune:nano", List.of(file("good.jsonl", good(12))), List.of());
        assertThat(report.isUsable()).isTrue();
        assertThat(report.has(Severity.WARNING)).as(codes(report).toString()).isFalse();
        assertThat(report.files().getFirst().data().rows()).isEqualTo(12);
    }

    @Test
    void problemsAreGroupedAndCountedTheWorstFirst() throws IOException {
        String bad = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}\n";
        CheckReport report = check("attune:nano",
                List.of(file("bad.jsonl", good(12) + bad.repeat(1500) + row("Where?", "There."))), List.of());
        FindingGroup first = report.files().getFirst().findings().getFirst();
        assertThat(first.code()).isEqualTo("example_missing_assistant_message");
        assertThat(first.count()).isEqualTo(1500);
        assertThat(first.problems()).hasSize(ProblemTally.MOST_KEPT);
        assertThat(first.problems().getFirst().line()).isEqualTo(13);
        assertThat(report.count(Severity.ERROR)).isEqualTo(1500);
    }

    @Test
    void otherFormatsAreCheckedAsWhatTheyBecome() throws IOException {
        String shareGpt = "{\"conversations\":[{\"from\":\"human\",\"value\":\"Where is %d?\"},{\"from\":\"gpt\",\"value\":\"Beside %d.\"}]}\n";
        var rows = new StringBuilder();
        for (int i = 0; i < 11; i++) {
            rows.append(shareGpt.formatted(i, i * 31));
        }
        CheckReport report = check("openai:gpt-4.1-mini", List.of(file("dump.jsonl", rows.toString())), List.of());
        assertThat(codes(report)).contains("other_format");
        assertThat(report.isUsable()).isTrue();
        assertThat(report.files().getFirst().data().rows()).isEqualTo(11);
    }

    @Test
    void filesThatCannotBeCheckedAreUnusable() throws IOException {
        assertThat(check("attune:nano", List.of(folder.resolve("nowhere.jsonl")), List.of()).isUsable()).isFalse();
        assertThat(check("attune:nano", List.of(folder), List.of()).isUsable()).isFalse();
        assertThat(check("attune:nano", List.of(file("empty.jsonl", "")), List.of()).isUsable()).isFalse();
        assertThat(check("attune:nano", List.of(file("prose.txt", "Once upon a time\nthere was a file\n")), List.of())
                .isUsable()).isFalse();
    }

    @Test
    void heldOutRowsAndEvaluationQuestionsAreFoundInTheTrainingFile() throws IOException {
        Path train = file("train.jsonl", good(12));
        Path other = file("test.jsonl", good(10));
        Path questions = file("eval.jsonl",
                "{\"question\":\"Where does number 17 of the line to Lima stop first?\",\"answer\":\"?\"}\n"
                        + "{\"question\":\"Who painted the ceiling in the town hall of Bergen?\",\"answer\":\"?\"}\n");
        CheckReport report = check("attune:nano", List.of(train, other), List.of(questions));
        assertThat(report.files().getLast().findings()).extracting(FindingGroup::code).contains("leaked_row");
        assertThat(report.evalSets().getFirst().contaminated()).isEqualTo(1);
        assertThat(codes(report)).contains("contaminated_item");
    }

    @Test
    void everyProblemIsCountedOnce() throws IOException {
        String damaged = row("What is the café like at number 17?", "It is nice, donâ€™t you think so too?");
        CheckReport report = check("attune:nano", List.of(file("twice.jsonl", good(12) + damaged + good(1))),
                List.of());
        assertThat(report.findings().filter(group -> group.code().equals("mojibake"))).singleElement()
                .satisfies(group -> assertThat(group.count()).isEqualTo(1));
        assertThat(report.findings().filter(group -> group.code().equals("duplicate_row"))).singleElement()
                .satisfies(group -> assertThat(group.count()).isEqualTo(1));
        assertThat(report.findings().map(group -> group.severity() + group.code())).doesNotHaveDuplicates();
    }

    @Test
    void heldOutRowsOfATrainedGroupAreLeaks() throws IOException {
        Path train = file("train.jsonl", good(12).replace("{\"messages\"", "{\"customer\":7,\"messages\""));
        Path other = file("test.jsonl", row("Who painted the town hall?", "A painter from Ghent did.")
                .replace("{\"messages\"", "{\"customer\":7,\"messages\""));
        var checker = new FileChecker(Target.attune("nano", 0), WORDS,
                report -> CostEstimate.local("nano", report.tokens().perRow(), 3, 1000), LocalDate.of(2026, 11, 21));
        assertThat(codes(checker.check(List.of(train, other), List.of()))).doesNotContain("leaked_group");
        assertThat(codes(checker.groupedBy(new RowKey("customer")).check(List.of(train, other), List.of())))
                .contains("leaked_group");
    }

    @Test
    void aFileThatIsNamedTwiceIsCheckedOnce() throws IOException {
        Path file = file("good.jsonl", good(12));
        CheckReport report = check("attune:nano", List.of(file, file), List.of());
        assertThat(report.files()).hasSize(1);
        assertThat(codes(report)).doesNotContain("leaked_row");
    }

    private static String pair(String better, String worse, int number) {
        return ("{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"Is tram %d safe?\"}]},"
                + "\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"%s\"}],"
                + "\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"%s\"}]}\n")
                .formatted(number * 37, better, worse);
    }

    @Test
    void preferencePairsAreCheckedAsPairsWhereTheyAreTrained() throws IOException {
        var rows = new StringBuilder();
        for (int i = 0; i < 11; i++) {
            rows.append(pair("Look at the brake of " + i * 91 + " first.", "Sure.", i));
        }
        Path good = file("pairs.jsonl", rows.toString());
        CheckReport report = check("openai:gpt-4.1-mini", List.of(good), List.of());
        assertThat(report.has(Severity.ERROR)).as(codes(report).toString()).isFalse();
        assertThat(report.files().getFirst().data().rows()).isEqualTo(11);
        assertThat(report.files().getFirst().estimate()).hasValueSatisfying(cost -> {
            assertThat(cost.tokensPerEpoch()).as("the question once, and both answers").isEqualTo(11 * (4 + 7 + 1));
            assertThat(cost.usdPerThousandRequests()).isEmpty();
            assertThat(cost.priceNote()).contains("both answers");
        });
        assertThat(check("attune:nano", List.of(good), List.of()).has(Severity.ERROR)).isFalse();

        Path bad = file("bad.jsonl", rows + pair("The same.", "The same.", 12));
        assertThat(check("openai:gpt-4.1-mini", List.of(bad), List.of()).findings()
                .filter(group -> group.severity() == Severity.ERROR)).singleElement().satisfies(group -> {
                    assertThat(group.code()).isEqualTo("identical_outputs");
                    assertThat(group.problems().getFirst().line()).isEqualTo(12);
                });

        Path older = file("older.jsonl", rows.toString().replace("_output", "_completion"));
        CheckReport asTheyAre = check("azure:gpt-4.1", List.of(older), List.of());
        assertThat(codes(asTheyAre)).contains("deprecated_preference_key").doesNotContain("other_format");
        assertThat(asTheyAre.has(Severity.ERROR)).isFalse();
        assertThat(asTheyAre.files().getFirst().data().tokens().total())
                .isEqualTo(report.files().getFirst().data().tokens().total());
    }

    @Test
    void aKeyThatIsOneTooManyHidesNothingElse() throws IOException {
        String rows = (good(12) + good(1)).replace("{\"messages\"", "{\"id\":7,\"messages\"");
        CheckReport report = check("openai:gpt-4o", List.of(file("ids.jsonl", rows)), List.of());
        assertThat(codes(report)).contains("example_unrecognized_key", "duplicate_row");
        assertThat(report.files().getFirst().data().rows()).isEqualTo(13);
    }

    @Test
    void whatPythonPrintsIsToldFromJson() throws IOException {
        Path file = file("printed.jsonl", good(12) + "{'messages': []}\n{\"messages\": None}\n");
        assertThat(check("attune:nano", List.of(file), List.of()).findings()
                .filter(group -> group.code().equals("invalid_json")).flatMap(group -> group.problems().stream())
                .map(Problem::message)).anyMatch(message -> message.contains("single quotes"))
                .anyMatch(message -> message.contains("None, True")).noneMatch(message -> message.contains("REDACTED"));
    }

    @Test
    void aTableSaysHowItsColumnsMayBeMapped() throws IOException {
        Path table = file("t.csv", "Ticket;Customer question;Agent answer\n1;a;b\n2;c;d\n");
        assertThat(
                check("attune:nano", List.of(table), List.of()).findings().flatMap(group -> group.problems().stream())
                        .map(Problem::message))
                .anyMatch(message -> message
                        .contains("--map 'user=Customer question,assistant=Agent answer'"));
    }

    @Test
    void aTableThatBeginsWithBlankLinesIsAProblemAndNoFailure() throws IOException {
        Path table = file("table.csv", " \n".repeat(40) + "question,answer\na,b\n");
        assertThat(JsonReport.of(check("attune:nano", List.of(table), List.of()))).contains("\"code\"");
    }

    @Test
    void theJsonIsWhatTheSchemaSays() throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMA), InputFormat.JSON);
        Path good = file("good.jsonl", good(12));
        Path labels = file("labels.jsonl", good(3) + row("a", "yes").repeat(9) + row("a", "no").repeat(3));
        Path broken = file("broken.jsonl", "{\"messages\": 7}\n{\n\u0000\n{\"messages\":[]}}\n");
        for (String target : List.of("openai:gpt-4o", "azure:gpt-4.1", "attune:nano")) {
            for (Path file : List.of(good, labels, broken, folder.resolve("nowhere.jsonl"))) {
                String json = JsonReport.of(check(target, List.of(file, good), List.of(good)));
                assertThat(schema.validate(json, InputFormat.JSON)).as(target + " " + file).isEmpty();
            }
        }
        JsonNode wrong = JSON.readTree(JsonReport.of(check("attune:nano", List.of(good), List.of())));
        ((tools.jackson.databind.node.ObjectNode) wrong).put("schema_version", 2);
        assertThat(schema.validate(wrong.toString(), InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void thePageAsksNothingOfTheNetworkAndEscapesWhatTheFileSays() throws IOException {
        String evil = "<script>alert(1)</script> \" onload='x' & <img src=x>";
        Path file = file("evil<b>.jsonl", good(12) + row(evil, evil).repeat(2) + row("", "yes").repeat(2));
        String page = HtmlReport.of(check("openai:gpt-4.1-mini", List.of(file), List.of(file)));
        assertThat(page).startsWith("<!doctype html>").endsWith("</body></html>\n").contains("<svg");
        assertThat(page).doesNotContain("<script").doesNotContain("<img").doesNotContain("evil<b>")
                .doesNotContain("src=\"http").doesNotContain("@import").contains("evil&lt;b&gt;");
        assertThat(page.replaceAll("[^<]", "")).hasSameSizeAs(page.replaceAll("[^>]", ""));
    }

    @Test
    void nothingInAFileMakesACheckThrow() throws IOException {
        long seed = Long.getLong("attune.seed", new Random().nextLong());
        System.out.println("FileCheckerTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        byte[] whole = good(12).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = whole.clone();
            for (int k = 0; k <= random.nextInt(4); k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("random.jsonl"), bytes);
            CheckReport report = check("openai:gpt-4.1", List.of(file), List.of(file));
            assertThat(HtmlReport.of(report)).endsWith("</html>\n");
            assertThat(JsonReport.of(report)).startsWith("{");
        }
    }
}
