package dev.attune.dataset.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.target.Target;
import dev.attune.text.OpenAiTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A check that looks at some groups says of these what a whole check says, however it comes by it. */
class NarrowedCheckTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String[] ROWS = {
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Where is %d?\"},{\"role\":\"assistant\",\"content\":\"Beside %d, I think; write to anna.smith%d@gmail.com.\"}]}",
            "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief. \\u00e9\"},{\"role\":\"user\",\"content\":\"%d\"},{\"role\":\"assistant\",\"content\":\"%d yes 東京 %d\",\"weight\":1}]}",
            "{\"messages\":[{\"content\":\"Is %d even?\",\"role\":\"user\"},{\"content\":\"%d, \\ud83d\\ude00 %d\",\"role\":\"assistant\",\"weight\":0},{\"role\":\"user\",\"content\":\"So?\"},{\"role\":\"assistant\",\"content\":\"No.\"}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"%d\"},{\"role\":\"assistant\",\"content\":\"%d%d\",\"weight\":2}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Say %d %d %d\"}]}",
            "{\"messages\":[{\"role\":\"user\",\"name\":\"a b\",\"content\":\"Say %d %d %d\"},{\"role\":\"assistant\",\"content\":\"ok\"}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Say %d %d %d",
            "",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"%d\"},{\"role\":\"assistant\",\"content\":\"\"}],\"x\":[%d,%d]}"};

    @TempDir
    Path folder;

    private static CheckReport check(String target, Set<CheckGroup> groups, Path... files) {
        Target place = Target.parse(target);
        var tokenizer = OpenAiTokenizer.forModel("gpt-4.1-mini");
        return new FileChecker(place, TokenCounter.openAi(tokenizer, "gpt-4.1-mini"),
                report -> report.estimate(-1, PriceList.shipped()), LocalDate.of(2026, 11, 21))
                .only(groups).check(List.of(files), List.of());
    }

    private static JsonNode file(CheckReport report) {
        return JSON.readTree(JsonReport.of(report)).path("files").path(0);
    }

    private Path mixed(long seed) throws IOException {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            String row = ROWS[random.nextInt(4) > 0 ? random.nextInt(3) : random.nextInt(ROWS.length)];
            int number = random.nextInt(1_000_000);
            text.append(row.formatted(number, number / 7, number % 99)).append(random.nextInt(50) == 0 ? "\r\n" : "\n");
        }
        String line = ROWS[0].formatted(1, 2, 3);
        text.append(line).append('\n').append(line).append('\n');
        text.append(line.replace("Where", "Where ".repeat(70_000))).append('\n').append(line.replace("Beside",
                "Beside ".repeat(70_000))).append('\n');
        return Files.writeString(folder.resolve("mixed.jsonl"), text);
    }

    @Test
    void formAndTokensAreThoseOfTheWholeCheck() throws IOException {
        long seed = Long.getLong("attune.seed", new Random().nextLong());
        System.out.println("NarrowedCheckTest: -Dattune.seed=" + seed);
        Path file = mixed(seed);
        for (String target : List.of("openai:gpt-4.1-mini", "azure:gpt-4o", "attune:nano")) {
            JsonNode whole = file(check(target, CheckGroup.all(), file));
            JsonNode narrow = file(check(target, EnumSet.of(CheckGroup.TOKENS), file));
            for (String key : List.of("bytes", "format", "usable", "examples", "rows", "tokens", "messages", "images",
                    "estimate")) {
                assertThat(narrow.path(key)).as(target + " " + key).isEqualTo(whole.path(key));
            }
            int shared = 0;
            for (JsonNode finding : narrow.path("findings")) {
                assertThat(whole.path("findings")).as(target + " " + finding.path("code")).contains(finding);
                shared++;
            }
            assertThat(shared).isGreaterThan(5);
            assertThat(narrow.path("duplicates").isNull()).isTrue();
            assertThat(narrow.path("labels").isNull()).isTrue();
        }
    }

    @Test
    void eachGroupBringsItsOwnFindings() throws IOException {
        Path file = mixed(7);
        Set<String> rules = codes(check("openai:gpt-4.1-mini", EnumSet.of(CheckGroup.RULES), file));
        assertThat(rules).contains("invalid_json", "invalid_weight", "blank_line", "invalid_name")
                .doesNotContain("example_truncated", "pii_email", "duplicate_row", "system_prompt_missing");
        assertThat(codes(check("openai:gpt-4.1-mini", EnumSet.of(CheckGroup.TOKENS), file)))
                .contains("example_truncated").doesNotContain("pii_email").containsAll(rules);
        assertThat(codes(check("openai:gpt-4.1-mini", EnumSet.of(CheckGroup.PRIVACY), file))).contains("pii_email")
                .doesNotContain("example_truncated", "control_character").containsAll(rules);
        assertThat(codes(check("openai:gpt-4.1-mini", EnumSet.of(CheckGroup.REPEATS), file)))
                .contains("duplicate_row").doesNotContain("pii_email");
        assertThat(codes(check("openai:gpt-4.1-mini", EnumSet.of(CheckGroup.BALANCE), file)))
                .contains("system_prompt_missing").doesNotContain("pii_email");
    }

    @Test
    void whatWasLookedAtIsSaidInEveryForm() throws IOException {
        Path file = mixed(8);
        CheckReport report = check("openai:gpt-4.1-mini", EnumSet.of(CheckGroup.PRIVACY), file);
        String json = JsonReport.of(report);
        assertThat(JSON.readTree(json).path("checked").toString()).isEqualTo("[\"rules\",\"privacy\"]");
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../schemas/check-report.schema.json")), InputFormat.JSON)
                .validate(json, InputFormat.JSON)).isEmpty();
        assertThat(HtmlReport.of(report)).contains("Looked at: rules, privacy.").doesNotContain("contradictions");
        assertThat(JSON.readTree(JsonReport.of(check("openai:gpt-4.1-mini", CheckGroup.all(), file))).has("checked"))
                .isFalse();
    }

    private static Set<String> codes(CheckReport report) {
        return report.findings().map(FindingGroup::code).collect(Collectors.toSet());
    }
}
