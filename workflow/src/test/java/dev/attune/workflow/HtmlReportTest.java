package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.evals.PairedComparison;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {
    private static final String HOSTILE = "</style></script><script>alert(1)</script><img src=\"https://evil.example/x.png\" onerror='x()'>&amp;\u0000\u001b[31m\ud800 ]]>";

    @TempDir
    Path folder;

    private static RunReport report(String text, int steps) {
        double[] base = IntStream.range(0, 80).mapToDouble(i -> i % 20 == 0 ? 1 : 0).toArray();
        double[] tuned = IntStream.range(0, 80).mapToDouble(i -> i % 16 == 1 ? 0 : 1).toArray();
        var random = new Random(4);
        var curve = IntStream.rangeClosed(1, steps).mapToObj(i -> {
            boolean whole = i % Math.max(1, steps / 4) == 0;
            double loss = 2.5 * Math.exp(-3.0 * i / steps) + 0.1 + 0.2 * random.nextDouble();
            return new JobEvent.Metrics("e" + i, Instant.EPOCH, "", i, steps, loss, 1 - loss / 4,
                    i % 5 == 0 ? loss + 0.1 : Double.NaN,
                    Double.NaN, whole ? loss + 0.15 : Double.NaN, whole ? 0.8 : Double.NaN, 1500, 10);
        }).toList();
        var rows = List.of(
                new Comparison(12, text + " My toaster smokes, help",
                        "{\"category\":\"hardware\",\"priority\":\"high\"}",
                        "Toaster toaster toaster", "{\"category\":\"hardware\",\"priority\":\"high\"}",
                        Map.of("exact", 0.0),
                        Map.of("exact", 1.0)),
                new Comparison(31, "Where is my refund? " + text,
                        "{\"category\":\"billing\",\"priority\":\"low\"}" + text, text,
                        "{\"category\":\"billing\",\"priority\":\"high\"}", Map.of("exact", 0.0), Map.of("exact", 0.0)),
                new Comparison(44, "thx, works", "{\"category\":\"praise\",\"priority\":\"low\"}", "",
                        "{\"category\":\"praise\",\"priority\":\"low\"}", Map.of("exact", 0.0), Map.of("exact", 1.0)));
        var lineage = new LinkedHashMap<String, String>();
        lineage.put("base model", "attune-nano");
        lineage.put("base SHA-256", "ab".repeat(32));
        lineage.put("note", text);
        var seconds = new LinkedHashMap<String, Double>();
        seconds.put("tune", 83.2);
        return new RunReport("support-tickets " + text, Instant.parse("2026-11-20T03:00:00Z"), "attune-nano",
                "attune-nano",
                "ft:attune-nano:org:t:abc12345" + text,
                List.of(PairedComparison.of("exact", base, tuned, 1),
                        PairedComparison.of("json_fields", Arrays.stream(base).map(v -> v * 0.5 + 0.1).toArray(), tuned,
                                1)),
                5, rows, curve,
                new DataSummary("tickets.jsonl" + text, "cd".repeat(32), 420, 51234, 16000, 240, 2, 1,
                        List.of("line 3: " + text),
                        List.of("Tuning takes a while.")),
                new SplitSummary(294, 42, 84, "1".repeat(64), "2".repeat(64), "3".repeat(64)), lineage, seconds);
    }

    private static Document parse(String html) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    }

    @Test
    void thePageIsWellFormedAndNeedsNothingButItself() throws Exception {
        for (String text : List.of("", HOSTILE)) {
            String html = HtmlReport.render(report(text, 120));
            Document document = parse(html);
            assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(4);
            var elements = document.getElementsByTagName("*");
            for (int i = 0; i < elements.getLength(); i++) {
                var attributes = elements.item(i).getAttributes();
                assertThat(elements.item(i).getNodeName()).isNotIn("script", "img", "link", "iframe", "object", "form",
                        "base");
                for (int j = 0; j < attributes.getLength(); j++) {
                    assertThat(attributes.item(j).getNodeName())
                            .isNotIn("src", "href", "srcset", "action", "data", "style").doesNotStartWith("on");
                }
            }
            assertThat(html.substring(html.indexOf("<style>"), html.indexOf("</style>"))).doesNotContain("url(",
                    "@import", "//");
        }
        assertThat(HtmlReport.render(report("", 120))).doesNotContain("http://", "https://", "src=");
    }

    @Test
    void hostileTextStaysText() throws Exception {
        String html = HtmlReport.render(report(HOSTILE, 10));
        assertThat(html).doesNotContain("<script>", "<img", "\u0000", "\u001b", "]]>")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
        assertThat(html.split("</style>", -1)).hasSize(2);
        assertThat(parse(html).getElementsByTagName("title").item(0).getTextContent())
                .contains("<script>alert(1)</script>");
    }

    @Test
    void theNumbersStandOnThePageAndInTheJsonAlike() throws Exception {
        RunReport report = report("", 40);
        Path json = HtmlReport.write(report, folder.resolve("deep/er/report.html"));
        String page = parse(Files.readString(folder.resolve("deep/er/report.html"))).getDocumentElement()
                .getTextContent().replace('\u00a0', ' ');
        PairedComparison exact = report.headline();
        assertThat(page).contains(
                "The tuned model answers 93.8 % [86.2, 97.3] of 80 held-out questions exactly right, the base model 5.0 % [2.0, 12.2].",
                Figures.percent(exact.base()), Figures.percent(exact.tuned()), Figures.points(exact.difference()),
                Figures.p(exact.pValue()),
                "420 good rows", "294 training, 42 validation, 84 held-out test", "51,234, of which 16,000 are trained",
                "ab".repeat(32),
                "misses 5 of 80", "1 min 23 s");
        JsonNode tree = JsonMapper.shared().readTree(Files.readString(json));
        assertThat(json).hasFileName("report.json");
        assertThat(tree.at("/scores/0/tuned/estimate").asDouble()).isEqualTo(exact.tuned().estimate());
        assertThat(tree.at("/scores/0/difference/low").asDouble()).isEqualTo(exact.difference().low());
        assertThat(tree.at("/scores/0/p_value").asDouble()).isEqualTo(exact.pValue());
        assertThat(tree.path("curve")).hasSize(40);
        assertThat(tree.at("/curve/0/valid_loss").isNull()).isTrue();
        assertThat(tree.at("/data/tokens").asInt()).isEqualTo(51234);
        try (var files = Files.list(folder.resolve("deep/er"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aLongRunIsDrawnThinnedAndAShortOneToo() throws Exception {
        String small = HtmlReport.render(report("", 1));
        assertThat(parse(small).getElementsByTagName("circle").getLength()).isGreaterThan(0);
        String large = HtmlReport.render(report("", 20_000));
        assertThat(large.length()).isLessThan(700_000);
        parse(large);
        assertThat(large).doesNotContain("NaN", "Infinity");
        assertThat(HtmlReport.render(report("", 0))).doesNotContain("<h2>Loss</h2>");
    }

    @Test
    void theSameReportIsWrittenInTheSameBytes() {
        assertThat(HtmlReport.render(report("", 50))).isEqualTo(HtmlReport.render(report("", 50)));
    }

    @Test
    void smoothingKeepsALineAndDoesNotLag() {
        var line = IntStream.range(0, 50).mapToObj(i -> new LineChart.Point(i, 3 - 0.05 * i, "")).toList();
        var smooth = LineChart.smoothed(line, 7);
        for (int i = 7; i < 43; i++) {
            assertThat(smooth.get(i).y()).isCloseTo(line.get(i).y(), within(1e-12));
        }
        assertThat(LineChart.smoothed(line, 0)).isEqualTo(line);
        assertThat(LineChart.smoothed(List.of(new LineChart.Point(1, Double.NaN, "")), 3)).isEmpty();
    }

    @Test
    void ticksAreRoundAndCoverTheRange() {
        Random random = Seeds.random("HtmlReportTest");
        for (int i = 0; i < 2000; i++) {
            double low = (random.nextDouble() - 0.3) * Math.pow(10, random.nextInt(-4, 6));
            double high = low + random.nextDouble() * Math.pow(10, random.nextInt(-4, 6));
            Axis axis = Axis.over(low, high, 5, 0, 100);
            assertThat(axis.low()).isLessThanOrEqualTo(low);
            assertThat(axis.high()).isGreaterThanOrEqualTo(high);
            assertThat(axis.ticks(5).size()).isBetween(2, 13);
            assertThat(axis.at(axis.low())).isZero();
            assertThat(axis.at(axis.high())).isEqualTo(100);
        }
    }

    @Test
    void aDifferenceIsMarkedWhereItIs() {
        assertThat(TextDiff.of("the cat sat", "the dog sat")).containsExactly(
                new TextDiff.Part(TextDiff.Kind.SAME, "the "),
                new TextDiff.Part(TextDiff.Kind.MISSING, "cat"), new TextDiff.Part(TextDiff.Kind.EXTRA, "dog"),
                new TextDiff.Part(TextDiff.Kind.SAME, " sat"));
        Random random = Seeds.random("HtmlReportTest.diff");
        String[] words = {"a", "b ", "{", "}", "\n", "😀", "ü"};
        for (int i = 0; i < 500; i++) {
            String expected = text(random, words);
            String answer = text(random, words);
            var parts = TextDiff.marked(expected, answer);
            assertThat(joined(parts, TextDiff.Kind.MISSING)).isEqualTo(answer);
            assertThat(joined(parts, TextDiff.Kind.EXTRA)).isEqualTo(expected);
        }
    }

    @Test
    void anAnswerThatHasLittleInCommonIsShownAsItIs() {
        assertThat(TextDiff.of("{\"a\":\"invoice\"}", "I do not know what you mean")).containsExactly(
                new TextDiff.Part(TextDiff.Kind.SAME, "I do not know what you mean"));
        assertThat(TextDiff.of("something", "")).isEmpty();
    }

    @Test
    void anAnswerOfPagesIsShownShortAndABlankOneIsNamed() throws Exception {
        RunReport report = report("", 3);
        var rows = List.of(new Comparison(1, "q", "expected words", "\n".repeat(90),
                "expected words \n\n\n\n\n and " + "more 🎈".repeat(2000),
                Map.of(), Map.of()));
        String html = HtmlReport
                .render(new RunReport(report.name(), report.finishedAt(), "b", "b", "t", report.scores(), 1, rows,
                        List.of(), report.data(), report.split(), Map.of(), Map.of()));
        parse(html);
        assertThat(html).contains("nothing but white space", "characters in all)").hasSizeLessThan(20_000);
    }

    private static String joined(List<TextDiff.Part> parts, TextDiff.Kind without) {
        var text = new StringBuilder();
        parts.stream().filter(part -> part.kind() != without).forEach(part -> text.append(part.text()));
        return text.toString();
    }

    private static String text(Random random, String[] words) {
        var text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(words[random.nextInt(words.length)]);
        }
        return text.toString();
    }

    @Test
    void examplesShowAGainAMissAndVariety() {
        var rows = new ArrayList<Comparison>();
        for (int i = 0; i < 20; i++) {
            rows.add(new Comparison(i, "question about item number " + i, "x" + i, "?", "x" + i, Map.of("exact", 0.0),
                    Map.of("exact", 1.0)));
        }
        rows.add(new Comparison(20, "both wrong", "y", "?", "!", Map.of("exact", 0.0), Map.of("exact", 0.0)));
        assertThat(Comparison.pick(rows, "exact", 3)).hasSize(3).doesNotHaveDuplicates()
                .anyMatch(row -> row.tunedRight("exact")).anyMatch(row -> row.line() == 20);
        rows.add(new Comparison(21, "spoiled", "z", "z", "!", Map.of("exact", 1.0), Map.of("exact", 0.0)));
        assertThat(Comparison.pick(rows, "exact", 3)).anyMatch(row -> row.line() == 21)
                .noneMatch(row -> row.line() == 20);
        assertThat(Comparison.pick(rows.subList(0, 2), "exact", 3)).hasSize(2);
        assertThat(Comparison.pick(List.of(), "exact", 3)).isEmpty();
    }

    @Test
    void aModelThatIsNotTheBaseIsNamed() {
        PairedComparison score = PairedComparison.of("contains", new double[]{0, 1}, new double[]{1, 1}, 1);
        assertThat(Figures.headline(score, "gpt-9")).isEqualTo(
                "The tuned model answers 100.0 % [34.2, 100.0] of 2 held-out questions with the expected text, gpt-9 50.0 % [9.5, 90.5].");
    }

    @Test
    void sentencesSayWhatTheNumbersAreWorth() {
        double[] ones = {1, 1, 1, 0};
        assertThat(Figures.verdict(PairedComparison.of("exact", ones, ones, 1)))
                .startsWith("The difference, +0.0 points")
                .endsWith("cannot be told from chance.");
        assertThat(Figures.seconds(3725)).isEqualTo("1 h 2 min");
        assertThat(Pattern.matches("p = 0\\.\\d{4}", Figures.p(0.0312))).isTrue();
        assertThat(Figures.p(1e-9)).isEqualTo("p < 0.0001");
    }
}
