package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.text.TextException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DatasetReportTest {
    /** Counts a token for each character, and trains the answers. */
    private static final TokenCounter CHARACTERS = conversation -> {
        int total = conversation.messages().stream().mapToInt(message -> message.content().length()).sum();
        if (conversation.messages().getFirst().content().equals("unsayable")) {
            throw new TextException("the template does not know this.");
        }
        return new TokenCount(total, conversation.messages().getLast().content().length());
    };

    private static DatasetReport report(String... lines) {
        return DatasetReport.of(Rows.of(List.of(lines)), CHARACTERS, 0);
    }

    private static List<String> codes(DatasetReport report) {
        return report.problems().stream().map(Problem::code).distinct().toList();
    }

    @Test
    void tokensAreSpreadAsNumPySays() {
        Distribution five = Distribution.of(10, 3, 2, 4, 1);
        assertThat(five).usingRecursiveComparison()
                .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : 1, Double.class)
                .isEqualTo(new Distribution(5, 20, 1, 1.2, 1.4, 3, 4, 7.6, 8.8, 10));
        assertThat(Distribution.of()).isEqualTo(new Distribution(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        DatasetReport report = report(Rows.chat("abc", "de"), Rows.chat("f", "ghij"));
        assertThat(report.tokens().total().total()).isEqualTo(10);
        assertThat(report.tokens().trained().total()).isEqualTo(6);
        assertThat(report.messages().max()).isEqualTo(2);
    }

    @Test
    void rowsTooLongForTheModelAreErrors() {
        DatasetReport report = DatasetReport.of(
                Rows.of(List.of(Rows.chat("short", "x"), Rows.chat("l".repeat(1000), "yes"))),
                CHARACTERS, 500);
        assertThat(report.hasErrors()).isTrue();
        assertThat(report.tokens().tooLong()).isEqualTo(1);
        assertThat(report.problems().getFirst().toString())
                .isEqualTo("line 2: the row has 1,003 tokens, but the model takes at most 500; shorten it or split it");
    }

    @Test
    void rowsThatTheTemplateCannotWriteAreOneProblem() {
        DatasetReport report = report(Rows.chat("unsayable", "x"), Rows.chat("good", "y"), Rows.chat("unsayable", "z"));
        assertThat(report.problems().getFirst().message())
                .isEqualTo(
                        "2 rows, this one first, cannot be written in the model's chat template: the template does not know this.");
        assertThat(report.tokens().perRow()).hasSize(1);
    }

    @Test
    void repeatedRowsAreNamedWithTheLineTheyRepeat() {
        DatasetReport report = report(Rows.chat("What is it?", "{\"a\": 1, \"b\": 2}"),
                Rows.chat("other words here", "x"),
                Rows.chat("what  is IT?", "{\"b\":2,\"a\":1}"), Rows.chat("What is it?", "{\"a\": 1, \"b\": 2}"));
        assertThat(report.duplicates().exact()).containsExactly(List.of(1, 3, 4));
        assertThat(report.duplicates().exactSurplus()).isEqualTo(2);
        assertThat(report.duplicates().near()).isEmpty();
        assertThat(report.problems().getFirst().toString())
                .isEqualTo("line 3: the row repeats line 1, as does line 4; keep one, unless it should weigh more");
        assertThat(codes(report)).doesNotContain("contradiction");
    }

    @Test
    void nearDuplicatesAreAdvice() {
        DatasetReport report = report(Rows.chat("where is my parcel number 12345", "on its way"),
                Rows.chat("where is my parcel number 12346", "on its way"),
                Rows.chat("please cancel my order", "done"));
        assertThat(report.duplicates().near()).containsExactly(List.of(1, 2));
        assertThat(report.problems()).anySatisfy(problem -> {
            assertThat(problem.code()).isEqualTo("near_duplicate_row");
            assertThat(problem.severity()).isEqualTo(Severity.ADVICE);
        });
    }

    @Test
    void aFifthOfAllRowsAlikeIsAWarning() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 40; i++) {
            lines.add(i < 12
                    ? Rows.chat("where is my parcel number 1234" + i, "on its way")
                    : Rows.chat("question " + Integer.toString(i * 7919, 36), Integer.toString(i * 104729, 36)));
        }
        assertThat(codes(report(lines.toArray(String[]::new)))).contains("near_duplicate_cluster");
        assertThat(codes(report(lines.subList(4, 40).toArray(String[]::new)))).doesNotContain("near_duplicate_cluster");
    }

    @Test
    void contradictionsBoundTheAccuracy() {
        DatasetReport report = report(Rows.chat("s", "Is it red?", "yes"), Rows.chat("s", "is it  red?", "no"),
                Rows.chat("s", "Is it red?", "Yes"),
                Rows.chat("t", "Is it red?", "no"), Rows.chat("s", "Is 1+2 even?", "no"),
                Rows.chat("s", "Is 1-2 even?", "yes"));
        assertThat(report.contradictions().groups()).containsExactly(List.of(1, 2, 3));
        assertThat(report.contradictions().rows()).isEqualTo(3);
        assertThat(report.contradictions().accuracyCeiling()).isCloseTo(5 / 6.0, within(1e-12));
        assertThat(report.problems().getFirst().toString())
                .isEqualTo(
                        "line 2: the row asks the same as lines 1, 3, and they do not all answer alike; decide for one answer");
        assertThat(report().contradictions().accuracyCeiling()).isEqualTo(1);
    }

    @Test
    void labelsAreCountedWhereAnswersAreLabels() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            lines.add(Rows.chat("question " + Integer.toString(i * 7919, 36), i < 55 ? "spam" : "ham"));
        }
        DatasetReport report = report(lines.toArray(String[]::new));
        assertThat(report.labels()).singleElement().satisfies(label -> {
            assertThat(label.counts()).isEqualTo(Map.of("spam", 55, "ham", 5));
            assertThat(label.counts().keySet()).containsExactly("spam", "ham");
            assertThat(label.effectiveLabels()).isCloseTo(1.332, within(1e-3));
        });
        assertThat(codes(report)).contains("label_imbalance", "rare_label");
    }

    @Test
    void labelsAreCountedInTheFieldsOfJson() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 40; i++) {
            lines.add(Rows.chat("question " + Integer.toString(i * 7919, 36),
                    "{\"id\":\"" + i + "\",\"priority\":\"" + (i % 2 == 0 ? "low" : "high")
                            + "\",\"tags\":[1],\"done\":" + (i % 4 == 0) + "}"));
        }
        DatasetReport report = report(lines.toArray(String[]::new));
        assertThat(report.labels()).extracting(LabelBalance::field).containsExactly("done", "priority");
        assertThat(codes(report)).doesNotContain("rare_label", "label_imbalance");
    }

    @Test
    void freeTextHasNoLabels() {
        assertThat(report(Rows.chat("a", "b"), Rows.chat("c", "d"), Rows.chat("e", "f")).labels()).isEmpty();
        assertThat(report().labels()).isEmpty();
    }

    @Test
    void systemPromptsAreCounted() {
        DatasetReport report = report(Rows.chat("You are A.", "one thing", "x"),
                Rows.chat("You are B.", "another matter", "y"),
                Rows.chat("You are A.", "the third", "w"), Rows.chat("no system here", "z"));
        assertThat(report.systemPrompts()).isEqualTo(new SystemPrompts(2, 1, "You are A."));
        assertThat(codes(report)).contains("system_prompt_missing", "system_prompt_variants");
    }

    @Test
    void theReportIsWrittenAsJson() {
        var json = JsonMapper.builder().build().valueToTree(report(Rows.chat("a", "b"), Rows.chat("a", "c")));
        assertThat(json.at("/contradictions/accuracyCeiling").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/problems/0/code").asString()).isEqualTo("contradiction");
        assertThat(json.at("/tokens/total/total").asLong()).isEqualTo(4);
    }
}
