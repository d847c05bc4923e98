package dev.attune.evals.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.decide.EvalHtml;
import dev.attune.evals.decide.EvalJson;
import dev.attune.evals.decide.EvalPlan;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.decide.Evaluator;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.run.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class PairwiseTest {
    @TempDir
    Path folder;

    /** The result over twenty questions, with a judge that is shown answer A and answer B. */
    private EvalReport judged(String baseAnswer, String tunedAnswer, BinaryOperator<String> judge) throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            lines.append("{\"input\":\"q").append(i).append("\"}\n");
        }
        Path data = folder.resolve("q.jsonl");
        Files.writeString(data, lines);
        var model = new ScriptedModel("judge-1", call -> {
            String prompt = ScriptedModel.last(call);
            String a = prompt.replaceAll("(?s).*\\[BEGIN answer A \\w+]\\n(.*?)\\n\\[END.*", "$1");
            String b = prompt.replaceAll("(?s).*\\[BEGIN answer B \\w+]\\n(.*?)\\n\\[END.*", "$1");
            return "Because.\nGRADE: " + judge.apply(a, b);
        });
        var judges = new Judges(folder, List.of("tuned", "base"), name -> model);
        var problems = new ConfigProblems();
        EvalPlan plan = EvalPlan.read(problems, JsonMapper.shared()
                .readTree("{\"evaluate\":{\"model\":\"tuned\",\"against\":\"base\",\"data\":\"q.jsonl\","
                        + "\"scorers\":[{\"length\":{\"min\":1}}],\"pairwise\":{\"model\":\"judge-1\",\"criteria\":\"kindness\"}}}"),
                judges);
        problems.throwIfAny("plan");
        try (CallJournal journal = CallJournal.open(Files.createTempFile(folder, "answers", ".jsonl"));
                Asker asker = new Asker(journal, plan.limits())) {
            judges.askThrough(asker);
            return new Evaluator(plan, asker, (what, done, all) -> {}).run(
                    QuestionFile.read(data, QuestionFile.Prompt.NONE), new ScriptedModel("tuned", call -> tunedAnswer),
                    Optional.of(new ScriptedModel("base", call -> baseAnswer)));
        }
    }

    @Test
    void aVerdictIsWhatIsSaidInBothOrders() throws Exception {
        EvalReport report = judged("rude", "kind", (a, b) -> a.equals("kind") ? "A" : "**B**");
        PairwiseResult fair = report.pairwise().orElseThrow();
        assertThat(fair.wins()).isEqualTo(20);
        assertThat(fair.consistency()).isEqualTo(1);
        assertThat(EvalJson.of(report)).contains("\"pairwise\"", "\"wins\" : 20");
        assertThat(EvalHtml.of(report)).contains("judge-1");
    }

    @Test
    void aJudgeThatLeansToAPlaceIsCaughtAndGivesTies() throws Exception {
        PairwiseResult first = judged("rude", "kind", (a, b) -> "A").pairwise().orElseThrow();
        assertThat(first.ties()).isEqualTo(20);
        assertThat(first.winRate().estimate()).isEqualTo(0.5);
        assertThat(first.consistency()).isZero();
        assertThat(first.firstPreference()).isEqualTo(1);
        assertThat(judged("rude", "kind", (a, b) -> "B").pairwise().orElseThrow().firstPreference()).isEqualTo(-1);
    }

    @Test
    void styleIsWhatMarkdownShowsOutsideOfCode() {
        AnswerStyle style = AnswerStyle.of("""
                # Returns
                Send it **today** or __tomorrow__:
                1. pack it
                2) post it
                - keep the receipt
                ```
                # no heading
                - no item, **nothing bold**
                ```
                2 * 3 * 4 is no list.
                """);
        assertThat(style.headings()).isEqualTo(1);
        assertThat(style.listItems()).isEqualTo(3);
        assertThat(style.bold()).isEqualTo(2);
        assertThat(AnswerStyle.of("plain\n```\n- open to the end")).isEqualTo(new AnswerStyle(27, 0, 0, 0));
    }

    @Test
    void aJudgeThatOnlyLikesMarkdownIsCaughtAndSharesClusters() throws Exception {
        var pairs = new java.util.ArrayList<PairwiseResult.Pair>();
        for (int i = 0; i < 200; i++) {
            boolean dressed = i % 4 != 0;
            pairs.add(new PairwiseResult.Pair(dressed ? PairwiseJudge.Verdict.TUNED : PairwiseJudge.Verdict.BASE,
                    AnswerStyle.of(dressed ? "a plain text" : "- a\n- **b**\n"),
                    AnswerStyle.of(dressed ? "- a\n- **b**\n" : "a plain text"), "document " + i / 20));
        }
        PairwiseResult found = PairwiseResult.of("j", pairs, 0.95);
        assertThat(found.winRate().estimate()).isCloseTo(0.75, within(1e-12));
        assertThat(found.atEqualLength().orElseThrow().controlled().estimate()).as("as long, so not explained")
                .isCloseTo(0.75, within(1e-3));
        assertThat(found.atEqualStyle().orElseThrow().controlled().contains(0.5)).isTrue();
        assertThat(found.atEqualStyle().orElseThrow().slopes().get("list items")).isPositive();
        assertThat(found.winRate()).as("over ten documents").isNotEqualTo(
                dev.attune.evals.Means.student(new double[200], 0.95, 0, 1));
    }

    @Test
    void aJudgeThatOnlyLikesLengthIsSeenAndNonsenseIsNoVerdict() throws Exception {
        var pairs = new java.util.ArrayList<PairwiseResult.Pair>();
        for (int i = 0; i < 200; i++) {
            int longer = (i % 10 + 1) * (i % 4 == 0 ? -20 : 20);
            pairs.add(new PairwiseResult.Pair(longer > 0 ? PairwiseJudge.Verdict.TUNED : PairwiseJudge.Verdict.BASE,
                    AnswerStyle.of("x".repeat(300)), AnswerStyle.of("x".repeat(300 + longer)), "row " + i));
        }
        PairwiseResult byLength = PairwiseResult.of("j", pairs, 0.95);
        assertThat(byLength.winRate().estimate()).isCloseTo(0.75, within(1e-12));
        assertThat(byLength.atEqualLength().orElseThrow().slopes().get("length")).isGreaterThan(2);
        assertThat(byLength.atEqualLength().orElseThrow().controlled().contains(0.5)).isTrue();
        assertThat(byLength.atEqualStyle().orElseThrow().slopes()).containsOnlyKeys("length", "headings", "list items",
                "bold").containsEntry("bold", 0.0);
        PairwiseResult nonsense = judged("a", "b", (a, b) -> "maybe").pairwise().orElseThrow();
        assertThat(nonsense.none()).isEqualTo(20);
        assertThat(nonsense.winRate().low()).isZero();
        assertThat(nonsense.winRate().high()).isEqualTo(1);
    }
}
