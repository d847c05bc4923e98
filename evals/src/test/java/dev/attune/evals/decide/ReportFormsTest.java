package dev.attune.evals.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.evals.config.ConfigProblems;
import dev.attune.evals.decide.Decision.Verdict;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.run.ScriptedModel;
import dev.attune.evals.score.Scorers;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One decision, in all forms, and each form as those read it for whom it is made. */
class ReportFormsTest {
    private static final String HOSTILE = "a \"quoted\", ]]> <script>alert(1)</script> & 'x'\r\nsecond\nthird\u0000\u001B[31m =1+1";

    @TempDir
    Path folder;

    private EvalReport report(String gate, UnaryOperator<String> tuned, UnaryOperator<String> base) throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            var row = JsonMapper.shared().createObjectNode().put("id", "r" + i + (i == 3 ? ",\"\n" : ""))
                    .put("input", "Tell John the label of " + i + "; " + HOSTILE)
                    .put("ideal", i % 3 == 0 ? "red" : "blue")
                    .put("part", i % 2 == 0 ? "even" : "odd");
            lines.append(row).append('\n');
        }
        Path data = folder.resolve("q.jsonl");
        Files.writeString(data, lines);
        var problems = new ConfigProblems();
        EvalPlan plan = EvalPlan.read(problems, JsonMapper.shared().readTree(
                "{\"evaluate\":{\"model\":\"tuned\",\"against\":\"base\",\"data\":\"q.jsonl\",\"scorers\":[\"label\",\"exact\"],"
                        + "\"slices\":[\"part\"]},\"gate\":{" + gate
                        + "}}"),
                Scorers.with(Map.of()));
        problems.throwIfAny("plan");
        try (CallJournal journal = CallJournal.open(Files.createTempFile(folder, "answers", ".jsonl"));
                Asker asker = new Asker(journal, plan.limits())) {
            return new Evaluator(plan, asker, (what, done, all) -> {}).run(
                    QuestionFile.read(data, QuestionFile.Prompt.NONE), model("tuned", tuned),
                    Optional.of(model("base", base)));
        }
    }

    private static ChatModel model(String name, UnaryOperator<String> answer) {
        return new ScriptedModel(name, call -> answer.apply(ScriptedModel.last(call)));
    }

    private static String right(String question) {
        String number = question.replaceAll("(?s)^.*?label of (\\d+);.*$", "$1");
        return number.matches("\\d+") ? Integer.parseInt(number) % 3 == 0 ? "red" : "blue" : "I can't help with that.";
    }

    private static Stream<Arguments> decisions() {
        UnaryOperator<String> able = ReportFormsTest::right;
        UnaryOperator<String> lazy = question -> HOSTILE;
        UnaryOperator<String> blue = question -> "blue";
        return Stream.of(
                Arguments.of(Verdict.PASSED, "\"target\":{\"superior_by\":0},\"slices\":{}", able, lazy),
                Arguments.of(Verdict.REFUSED, "\"target\":{\"superior_by\":0}", lazy, able),
                Arguments.of(Verdict.REFUSED, "\"slices\":{}", lazy, able),
                Arguments.of(Verdict.REFUSED, "\"robustness\":{\"drop_at_most\":0.1}",
                        (UnaryOperator<String>) q -> q.contains("John") ? right(q) : "?", lazy),
                Arguments.of(Verdict.REFUSED, "\"bias\":{\"flips_at_most\":0.05}",
                        (UnaryOperator<String>) q -> q.contains("John") ? right(q) : "?", lazy),
                Arguments.of(Verdict.PASSED, "\"bias\":{\"flips_at_most\":0.1}", able, lazy),
                Arguments.of(Verdict.REFUSED, "\"general\":{\"non_inferior_margin\":0.02}", blue, able),
                Arguments.of(Verdict.UNDECIDED, "\"general\":{\"non_inferior_margin\":0.0001}", able, able),
                Arguments.of(Verdict.REFUSED,
                        "\"target\":{\"superior_by\":0},\"general\":{\"non_inferior_margin\":0.0001}",
                        able, able),
                Arguments.of(Verdict.PASSED, "\"target\":{\"at_least\":0.5}", able, lazy));
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void everyFormSaysTheSame(Verdict verdict, String gate, UnaryOperator<String> tuned, UnaryOperator<String> base)
            throws Exception {
        EvalReport report = report(gate, tuned, base);
        assertThat(report.decision().verdict()).as("%s", report.decision()).isEqualTo(verdict);
        assertThat(verdict.exitCode()).isEqualTo(List.of(Verdict.PASSED, Verdict.REFUSED, Verdict.UNDECIDED)
                .indexOf(verdict));
        String name = verdict.name().toLowerCase(Locale.ROOT);

        JsonNode json = JsonMapper.shared().readTree(EvalJson.of(report));
        assertThat(json.at("/decision/verdict").asString()).isEqualTo(name);
        Document html = xml(EvalHtml.of(report).replaceFirst("<!DOCTYPE html>", ""));
        Element heading = (Element) html.getElementsByTagName("h2").item(0);
        assertThat(heading.getTextContent()).isEqualTo("Gate: " + name);
        Document junit = xml(EvalJUnit.of(report));
        var suite = (Element) junit.getElementsByTagName("testsuite").item(0);
        var cases = junit.getElementsByTagName("testcase");
        assertThat(cases.getLength()).isEqualTo(report.decision().checks().size())
                .isEqualTo(Integer.parseInt(suite.getAttribute("tests")));
        assertThat(junit.getElementsByTagName("failure").getLength())
                .isEqualTo(Integer.parseInt(suite.getAttribute("failures")));
        assertThat(junit.getElementsByTagName("error").getLength())
                .isEqualTo(Integer.parseInt(suite.getAttribute("errors")));
        List<List<String>> csv = csv(EvalCsv.of(report));
        for (int i = 0; i < report.decision().checks().size(); i++) {
            Decision.Check check = report.decision().checks().get(i);
            String said = check.verdict().name().toLowerCase(Locale.ROOT);
            assertThat(json.at("/decision/checks/" + i + "/verdict").asString()).isEqualTo(said);
            assertThat(json.at("/decision/checks/" + i + "/sentence").asString()).isEqualTo(check.sentence());
            var one = (Element) cases.item(i);
            assertThat(one.getAttribute("name")).isEqualTo(check.rule());
            assertThat(one.getElementsByTagName("failure").getLength()).isEqualTo(said.equals("refused") ? 1 : 0);
            assertThat(one.getElementsByTagName("error").getLength()).isEqualTo(said.equals("undecided") ? 1 : 0);
        }
        assertThat(csv).as("two models of sixty rows, and the header").hasSize(121);
        assertThat(csv).allMatch(line -> line.size() == csv.getFirst().size());
        double mean = csv.stream().skip(1).filter(line -> line.get(0).equals("tuned"))
                .mapToDouble(line -> Double.parseDouble(line.get(csv.getFirst().indexOf("label")))).average()
                .orElseThrow();
        assertThat(json.at("/scorers/0/score/estimate").asDouble()).isEqualTo(mean);
    }

    private static Document xml(String text) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    /** RFC 4180, read letter by letter. */
    private static List<List<String>> csv(String text) {
        var lines = new ArrayList<List<String>>();
        var line = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    cell.append(c);
                }
            } else if (c == '"') {
                assertThat(cell).as("a quote begins a cell").isEmpty();
                quoted = true;
            } else if (c == ',' || c == '\r') {
                line.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                lines.add(List.copyOf(line));
                line.clear();
            } else {
                cell.append(c);
            }
        }
        assertThat(quoted).isFalse();
        return lines;
    }

    @Test
    void hostileTextStaysText() throws Exception {
        EvalReport report = report("", question -> HOSTILE, ReportFormsTest::right);
        List<List<String>> csv = csv(EvalCsv.of(report));
        assertThat(csv.get(1).get(csv.getFirst().indexOf("answer"))).isEqualTo(HOSTILE);
        assertThat(csv.get(4).get(1)).isEqualTo("r3,\"\n");
        assertThat(EvalHtml.of(report)).doesNotContain("<script").contains("&lt;script&gt;");
        xml(EvalHtml.of(report).replaceFirst("<!DOCTYPE html>", ""));
    }

    @Test
    void classesAreToldApart() throws Exception {
        EvalReport report = report("", question -> "blue", ReportFormsTest::right);
        LabelFigures tuned = report.labels().getFirst();
        assertThat(tuned.labels()).containsExactly("blue", "red");
        assertThat(tuned.figures().accuracy()).isEqualTo(40 / 60.0);
        assertThat(tuned.figures().balancedAccuracy()).as("one of two labels is never given").isEqualTo(0.5);
        assertThat(tuned.figures().matthews()).isZero();
        assertThat(report.labels().get(1).figures().matthews()).isEqualTo(1);
        assertThat(EvalJson.of(report)).contains("\"balanced_accuracy\" : 0.5", "\"confusion\"");
        assertThat(EvalHtml.of(report)).contains("expected, given").contains("balanced 0.500");
        LabelFigures none = report("", question -> "mauve", ReportFormsTest::right).labels().getFirst();
        assertThat(none.figures().labels()).containsExactly("(no label)", "blue", "red");
        assertThat(none.labels()).hasSize(2);
    }
}
