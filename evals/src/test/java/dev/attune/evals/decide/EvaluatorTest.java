package dev.attune.evals.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.decide.Decision.Verdict;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.run.ScriptedModel;
import dev.attune.evals.score.Scorers;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvaluatorTest {
    @TempDir
    Path folder;

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static EvalPlan plan(String evaluate, String gate) {
        var problems = new ConfigProblems();
        EvalPlan plan = EvalPlan.read(problems,
                json("{'evaluate': {'model': 'tuned', 'against': 'base', 'data': 'q.jsonl'" + evaluate + "}"
                        + (gate.isEmpty() ? "" : ", 'gate': {" + gate + "}") + "}"),
                Scorers.with(Map.of()));
        problems.throwIfAny("plan");
        return plan;
    }

    private QuestionFile questions(int n) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < n; i++) {
            lines.append("{\"input\":\"Tell John the number ").append(i).append("\",\"ideal\":\"").append(i)
                    .append("\",\"channel\":\"")
                    .append(i % 3 == 0 ? "mail" : "chat").append("\",\"document\":").append(i / 4).append("}\n");
        }
        Path file = folder.resolve("q.jsonl");
        Files.writeString(file, lines);
        return QuestionFile.read(file, QuestionFile.Prompt.NONE);
    }

    /** Knows the number with a probability that hangs on the question alone. */
    private static ChatModel model(String name, double accuracy, long seed) {
        return new ScriptedModel(name, call -> {
            String number = number(call);
            var random = new SplittableRandom(seed * 7_919 + (number + name).hashCode());
            random.nextDouble();
            return random.nextDouble() < accuracy ? number : "no idea";
        });
    }

    private static String number(ChatCall call) {
        return ScriptedModel.last(call).replaceAll("\\D", "");
    }

    private EvalReport run(EvalPlan plan, QuestionFile file, ChatModel tuned, ChatModel base) throws Exception {
        Path answers = Files.createTempFile(folder, "answers", ".jsonl");
        try (CallJournal journal = CallJournal.open(answers); Asker asker = new Asker(journal, plan.limits())) {
            return new Evaluator(plan, asker, (what, done, all) -> {}).run(file, tuned, Optional.of(base));
        }
    }

    @Test
    void aBetterModelIsPromotedAndAnEqualOneIsNot() throws Exception {
        EvalPlan plan = plan(", 'slices': ['channel']",
                "'target': {'scorer': 'exact', 'superior_by': 0}, 'slices': {}");
        EvalReport better = run(plan, questions(300), model("tuned", 0.9, 1), model("base", 0.5, 1));
        assertThat(better.decision().verdict()).as("%s", better.decision()).isEqualTo(Verdict.PASSED);
        assertThat(better.slices()).extracting(s -> s.key() + "=" + s.value()).containsExactly("channel=chat",
                "channel=mail");
        assertThat(better.slices()).extracting(SliceResult::n).containsExactly(200, 100);
        EvalReport equal = run(plan, questions(300), model("tuned", 0.7, 1), model("base", 0.7, 1));
        assertThat(equal.decision().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(equal.decision().checks().getFirst().sentence()).contains("more than 0.0 points is asked for");
        assertThat(equal.decision().verdict().exitCode()).isEqualTo(1);
    }

    @Test
    void equalModelsAreSeldomPromoted() throws Exception {
        EvalPlan plan = plan("", "'target': {}");
        QuestionFile file = questions(60);
        int promoted = 0;
        for (int round = 0; round < 120; round++) {
            promoted += run(plan, file, model("tuned", 0.6, round), model("base", 0.6, round)).decision()
                    .verdict() == Verdict.PASSED ? 1 : 0;
        }
        assertThat(promoted).as("of 120, at 2.5 %").isLessThanOrEqualTo(8);
    }

    @Test
    void errorsAreNeitherRightNorWrongAndTooManyRefuse() throws Exception {
        ChatModel failing = new ScriptedModel("tuned", call -> {
            if (number(call).endsWith("7")) {
                throw new dev.attune.evals.run.ModelException(dev.attune.evals.run.ModelException.Kind.REFUSED,
                        "content filter", java.time.Duration.ZERO);
            }
            return number(call);
        });
        EvalReport report = run(plan("", "'errors': {'at_most': 0.02}"), questions(100), failing, model("base", 1, 1));
        assertThat(report.headline().score().estimate()).isEqualTo(1);
        assertThat(report.headline().questions()).isEqualTo(90);
        assertThat(report.headline().leftOut()).isEqualTo(10);
        assertThat(report.decision().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(report.notes()).anyMatch(note -> note.contains("10× no answer: content filter"));
        EvalReport dead = run(plan("", "'target': {}"), questions(3), new ScriptedModel("tuned", call -> {
            throw new dev.attune.evals.run.ModelException(dev.attune.evals.run.ModelException.Kind.REFUSED, "gone",
                    java.time.Duration.ZERO);
        }), model("base", 1, 1));
        assertThat(dead.decision().verdict()).as("%s", dead.decision()).isEqualTo(Verdict.UNDECIDED);
        assertThat(dead.decision().verdict().exitCode()).isEqualTo(2);
    }

    @Test
    void forgettingShowsOnTheGeneralSet() throws Exception {
        EvalPlan plan = plan("", "'general': {'non_inferior_margin': 0.02}");
        ChatModel able = new ScriptedModel("base", call -> "I can't help with that.");
        EvalReport same = run(plan, questions(10), able, new ScriptedModel("base", call -> "I can't help with that."));
        assertThat(same.general().orElseThrow().families()).extracting(f -> f.scorer() + " " + f.n()).containsExactly(
                "arithmetic 40",
                "reading 40", "instructions 40", "format 40", "refusals 40", "chat 40");
        assertThat(same.decision().verdict()).as("%s", same.decision()).isEqualTo(Verdict.PASSED);
        EvalReport worse = run(plan, questions(10), new ScriptedModel("tuned", call -> "billing"), able);
        assertThat(worse.decision().verdict()).as("%s", worse.decision()).isEqualTo(Verdict.REFUSED);
        assertThat(worse.general().orElseThrow().families().get(4).tuned().estimate()).isLessThan(0.1);
    }

    @Test
    void robustnessAndBiasAreMeasuredOrNotEnough() throws Exception {
        EvalPlan plan = plan("", "'robustness': {'drop_at_most': 0.1}, 'bias': {'flips_at_most': 0.05}");
        ChatModel touchy = new ScriptedModel("tuned",
                call -> ScriptedModel.last(call).contains("John") ? number(call) : "?");
        EvalReport report = run(plan, questions(80), touchy, model("base", 1, 1));
        assertThat(report.decision().checks()).filteredOn(c -> c.rule().equals("bias"))
                .extracting(Decision.Check::verdict).containsExactly(Verdict.REFUSED);
        assertThat(report.stress().orElseThrow().bias().orElseThrow().flips()).isEqualTo(80);
        assertThat(report.decision().checks()).filteredOn(c -> c.rule().equals("robustness"))
                .extracting(Decision.Check::verdict)
                .as("small letters lose John").containsExactly(Verdict.REFUSED);
        EvalReport few = run(plan, questions(8), touchy, model("base", 1, 1));
        assertThat(few.decision().checks()).filteredOn(c -> c.rule().equals("bias"))
                .extracting(Decision.Check::sentence)
                .allMatch(s -> s.startsWith("not enough data"));
        EvalReport steady = run(plan, questions(200), model("tuned", 1, 1), model("base", 1, 1));
        assertThat(steady.decision().verdict()).as("%s", steady.decision()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void clustersWidenIntervalsAndRepeatsTellReliability() throws Exception {
        EvalReport plain = run(plan("", ""), questions(200), model("tuned", 0.8, 3), model("base", 0.6, 3));
        EvalReport clustered = run(plan(", 'cluster': 'document'", ""), questions(200), model("tuned", 0.8, 3),
                model("base", 0.6, 3));
        assertThat(clustered.headline().comparison().orElseThrow().test()).contains("50 clusters");
        assertThat(plain.headline().comparison().orElseThrow().test()).isEqualTo("exact McNemar");
        assertThat(plain.decision().checks()).isEmpty();
        ChatModel moody = new ScriptedModel("tuned", call -> call.repeat() % 2 == 0 ? number(call) : "?");
        EvalReport repeated = run(plan(", 'repeats': 4, 'temperature': 0.7", ""), questions(20), moody,
                model("base", 1, 1));
        assertThat(repeated.headline().score().estimate()).isEqualTo(0.5);
        assertThat(repeated.headline().passAt()).hasSize(4);
        assertThat(repeated.headline().passAt().getLast()).isEqualTo(1);
        assertThat(repeated.headline().passAll().getLast()).isZero();
    }

    @Test
    void theFormsAgreeAndHostileTextStaysText() throws Exception {
        ChatModel hostile = new ScriptedModel("tuned", call -> "=HYPERLINK(\"x\")<script>alert(1)</script>\u0000]]>--");
        EvalReport report = run(plan("", "'target': {'at_least': 0.5}"), questions(700), hostile,
                model("base", 0.5, 1));
        String html = EvalHtml.of(report);
        assertThat(html).doesNotContain("<script", "alert(1)</script>").contains("refused", "Losses: ");
        assertThat(html.length()).as("opens at once").isLessThan(2_000_000);
        for (String xml : List.of(html.replace("<!DOCTYPE html>", ""), EvalJUnit.of(report))) {
            assertThat(DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement().getTagName()).isNotEmpty();
        }
        JsonNode json = JsonMapper.shared().readTree(EvalJson.of(report));
        assertThat(json.at("/decision/verdict").asString()).isEqualTo("refused");
        assertThat(json.at("/rows")).hasSize(1_400);
        assertThat(json.at("/seed").asInt()).isEqualTo(7);
        String csv = EvalCsv.of(report);
        assertThat(csv.lines().filter(line -> line.startsWith("tuned,")).toList()).hasSize(700)
                .allMatch(line -> line.contains("\"'=HYPERLINK"));
        assertThat(EvalJUnit.of(report)).contains("failures=\"1\"").contains("<failure message=");
    }

    @Test
    void theSameAnswersGiveTheSameReport() throws Exception {
        EvalPlan plan = plan(", 'scorers': ['exact', 'token_f1']", "'target': {}");
        String first = EvalJson.of(run(plan, questions(50), model("tuned", 0.8, 3), model("base", 0.6, 3)));
        assertThat(EvalJson.of(run(plan, questions(50), model("tuned", 0.8, 3), model("base", 0.6, 3))))
                .isEqualTo(first);
    }

    @Test
    void mistakesInTheFileAreAllTold() {
        var problems = new ConfigProblems();
        EvalPlan.read(problems,
                json("{'evaluate': {'modell': 'x', 'scorers': ['exakt'], 'budget': {'usd': 3}, 'repeats': 0},"
                        + " 'gate': {'target': {'superior': 1}, 'errors': {'at_most': 5}}, 'gates': {}}"),
                Scorers.with(Map.of()));
        assertThat(problems.all()).extracting(ConfigProblems.Problem::toString)
                .anyMatch(p -> p.contains("/evaluate/modell") && p.contains("did you mean \"model\"?"))
                .anyMatch(p -> p.contains("/evaluate/model: is missing"))
                .anyMatch(p -> p.contains("/evaluate/data: is missing"))
                .anyMatch(p -> p.contains("\"exakt\" is no scorer; did you mean \"exact\"?"))
                .anyMatch(p -> p.contains("/evaluate/prices"))
                .anyMatch(p -> p.contains("/evaluate/repeats"))
                .anyMatch(p -> p.contains("/gate/target/superior: unknown key"))
                .anyMatch(p -> p.contains("/gate/errors/at_most")).anyMatch(p -> p.contains("/gates: unknown key"));
        assertThatThrownBy(() -> plan("", "'target': {'at_least': 0.5, 'superior_by': 0.1}"))
                .hasMessageContaining("cannot stand beside");
    }

    @Test
    void everyGeneralQuestionTellsRightFromWrong() {
        assertThat(GeneralSet.size()).isEqualTo(240);
        assertThat(GeneralSet.questions()).extracting(q -> q.text()).doesNotHaveDuplicates();
        for (var question : GeneralSet.questions()) {
            double nonsense = GeneralSet.scorer().score(question.answered(dev.attune.evals.score.Answer.of(" qwx ")))
                    .value();
            boolean harmless = question.item().path("check").toString()
                    .equals("{\"length\":{\"unit\":\"words\",\"min\":1,\"max\":1}}")
                    || question.item().path("check").toString().contains("\"max\":1}}")
                            && question.text().startsWith("Name a fruit");
            assertThat(nonsense).as(question.id()).isEqualTo(harmless ? 1 : 0);
        }
    }
}
