package dev.attune.dataset.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.Dataset;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.TokenCounter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What targets say of the same rows: each rule with a row that keeps it and one that breaks it. */
class TargetAuditTest {
    private static final String VISION = "openai:gpt-4o-2024-08-06";
    private static final String DONE = ",{\"role\":\"assistant\",\"content\":\"Done.\"}]";
    private static final LocalDate TODAY = LocalDate.of(2026, 9, 1);
    private static final TokenCounter TEN = conversation -> new TokenCount(10, 3);

    @TempDir
    Path folder;

    private List<Problem> problems(String target, String row) throws IOException {
        return problems(target, row, new FileFacts(1000, true), TODAY);
    }

    private List<Problem> problems(String target, String row, FileFacts facts, LocalDate today) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), row + "\n", StandardCharsets.UTF_8);
        Target place = Target.parse(target);
        Dataset dataset = Dataset.read(file, FilePart.TEST, place.rules());
        var audit = new TargetAudit(place, TEN, today);
        dataset.rows().forEach(audit::row);
        return Stream.concat(dataset.problems().stream(), audit.end(facts).problems().stream())
                .filter(problem -> !problem.code().equals("model_ends")).toList();
    }

    private static String asking(String part, int times) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":["
                + String.join(",", java.util.Collections.nCopies(times, part))
                + ",{\"type\":\"text\",\"text\":\"What is it?\"}]}" + DONE + "}";
    }

    private static String image(String url) {
        return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\",\"detail\":\"low\"}}";
    }

    private static String data(int... bytes) {
        byte[] head = new byte[42];
        for (int i = 0; i < bytes.length; i++) {
            head[i] = (byte) bytes[i];
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(head);
    }

    private static String png(int colours) {
        return data(0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
                colours);
    }

    @Test
    void imagesAreForVisionModelsOnly() throws IOException {
        String row = asking(image("https://a.example/x.png"), 1);
        assertThat(problems(VISION, row)).isEmpty();
        assertThat(problems("azure:gpt-4.1", row)).isEmpty();
        assertThat(problems("openai:gpt-4.1", row)).extracting(Problem::code)
                .containsExactly("unsupported_content_part");
        assertThat(problems("attune:nano", row).getFirst().message())
                .isEqualTo("images are not supported in training yet; remove the part or the row");
    }

    @Test
    void imagesAreCountedAndLookedAt() throws IOException {
        assertThat(problems(VISION, asking(image(png(2)), 10))).isEmpty();
        assertThat(problems(VISION, asking(image(png(2)), 11))).extracting(Problem::code)
                .containsExactly("too_many_images");
        assertThat(problems("azure:gpt-4o", asking(image(png(6)), 64))).isEmpty();
        assertThat(problems(VISION, asking(image(png(3)), 1))).extracting(Problem::code)
                .containsExactly("image_format");
        assertThat(problems(VISION, asking(image(data('G', 'I', 'F', '8')), 1))).extracting(Problem::code)
                .containsExactly("image_format");
        assertThat(problems(VISION, asking(image("https://a.example/x.GIF?y=1"), 1))).extracting(Problem::code)
                .containsExactly("image_format");
        assertThat(problems(VISION, asking(image("file:///x.png"), 1))).extracting(Problem::code)
                .containsExactly("invalid_image_url");
        assertThat(problems(VISION, asking(image("data:image/png;base64,***="), 1))).extracting(Problem::code)
                .containsExactly("invalid_image_url");
        assertThat(problems(VISION, asking(image(png(2) + "A".repeat(15 << 20)), 1))).extracting(Problem::code)
                .containsExactly("image_too_large");
    }

    @Test
    void twoImagesWithOneQuestionAreTwoRows() throws IOException {
        Path file = Files.writeString(folder.resolve("two.jsonl"), asking(image("https://a.example/1.png"), 1) + "\n"
                + asking(image("https://a.example/2.png"), 1) + "\n");
        var rows = Dataset.read(file, FilePart.TEST, Target.parse(VISION).rules()).rows();
        assertThat(rows.get(0).conversation()).isNotEqualTo(rows.get(1).conversation());
        assertThat(rows.get(0).input().getFirst().content()).endsWith("\nWhat is it?");
    }

    @Test
    void imagesStandInUserMessagesOnly() throws IOException {
        assertThat(problems(VISION, "{\"messages\":[{\"role\":\"system\",\"content\":["
                + image("https://a.example/x.png") + "]},{\"role\":\"user\",\"content\":\"x\"}" + DONE + "}"))
                .extracting(Problem::code).containsExactly("image_not_from_user");
    }

    @Test
    void keysThatOpenAIRefusesAreErrorsThereAndWarningsHere() throws IOException {
        String row = "{\"weight\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}" + DONE + "}";
        assertThat(problems("openai:gpt-4.1", row)).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.ERROR);
            assertThat(problem.message()).startsWith("the example contains an extra \"weight\"");
        });
        assertThat(problems("attune:nano", row)).singleElement()
                .satisfies(problem -> assertThat(problem.severity()).isEqualTo(Severity.WARNING));
    }

    @Test
    void functionCallsOfOldAreReadWhereTheyAreTaken() throws IOException {
        String row = """
                {"functions":[{"name":"add","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}],"messages":[{"role":"user","content":"1+2"},{"role":"assistant","function_call":{"name":"add","arguments":"{\\"a\\":1}"}},{"role":"function","name":"add","content":"3"},{"role":"assistant","content":"3"}]}""";
        assertThat(problems("openai:gpt-4.1", row)).isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.severity()).isEqualTo(Severity.WARNING))
                .extracting(Problem::code).containsOnly("deprecated_functions", "deprecated_function_call");
        assertThat(problems("attune:nano", row)).anyMatch(Problem::isError);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Ann   | 0
            Ann B | 1
            a<b   | 1
            """)
    void namesKeepThePattern(String name, int wrong) throws IOException {
        assertThat(problems("openai:gpt-4.1", "{\"messages\":[{\"role\":\"user\",\"name\":\"" + name
                + "\",\"content\":\"x\"}" + DONE + "}")).hasSize(wrong)
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo("invalid_name"));
    }

    @Test
    void parallelToolCallsSayWhatTheRowDoes() throws IOException {
        String call = "{\"id\":\"c%d\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
        String row = "{\"parallel_tool_calls\":%s,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"tool_calls\":["
                + call.formatted(1) + "," + call.formatted(2) + "]}]}";
        assertThat(problems("openai:gpt-4.1", row.formatted("true"))).isEmpty();
        assertThat(problems("openai:gpt-4.1", row.formatted("false"))).extracting(Problem::code)
                .containsExactly("parallel_tool_calls_broken");
        assertThat(problems("openai:gpt-4.1",
                "{\"parallel_tool_calls\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}" + DONE + "}"))
                .extracting(Problem::code).containsExactly("parallel_tool_calls_without_tools");
    }

    @Test
    void sizesMarksAndDatesAreLookedAt() throws IOException {
        String row = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}" + DONE + "}";
        assertThat(problems("openai:gpt-4.1", row, new FileFacts(600L << 20, false), TODAY))
                .singleElement().satisfies(problem -> assertThat(problem.severity()).isEqualTo(Severity.WARNING));
        assertThat(problems("openai:gpt-4.1", row, new FileFacts(9L << 30, false), TODAY))
                .singleElement().satisfies(problem -> assertThat(problem.severity()).isEqualTo(Severity.ERROR));
        assertThat(problems("azure:gpt-4.1", row, new FileFacts(10, false), TODAY)).extracting(Problem::code)
                .containsExactly("byte_order_mark_missing");
        assertThat(problems("openai:gpt-4.1-nano", row, new FileFacts(10, false), LocalDate.of(2026, 10, 23)))
                .extracting(Problem::code).containsExactly("model_ended");
        assertThat(problems("attune:nano", row, new FileFacts(9L << 40, false), TODAY)).isEmpty();
    }

    @Test
    void anEndAheadIsAdviceAndNearAWarning() throws IOException {
        var target = Target.parse("openai:gpt-4.1");
        for (LocalDate day : List.of(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 1))) {
            assertThat(new TargetAudit(target, TEN, day).end(new FileFacts(1, false)).problems()).singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.code()).isEqualTo("model_ends");
                        assertThat(problem.message()).contains("2027-01-06").contains("2027-01-14");
                        assertThat(problem.severity())
                                .isEqualTo(day.getMonthValue() == 1 ? Severity.ADVICE : Severity.WARNING);
                    });
        }
    }
}
