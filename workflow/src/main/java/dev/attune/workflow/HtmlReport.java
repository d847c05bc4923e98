package dev.attune.workflow;

import dev.attune.evals.PairedComparison;
import dev.attune.evals.decide.Markup;
import dev.attune.workflow.LineChart.Point;
import dev.attune.workflow.LineChart.Series;
import dev.attune.workflow.WorkflowException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A run's result as one page that needs nothing else: no script, no font, no image, no address outside itself; the page
 * forbids itself to load any. It is well-formed XML, follows light and dark, and prints. Every text from outside is
 * escaped.
 */
public final class HtmlReport {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final int MOST_SHOWN = 1500;

    private final RunReport report;
    private final StringBuilder out = new StringBuilder(1 << 16);

    private HtmlReport(RunReport report) {
        this.report = report;
    }

    /** The whole page. */
    public static String render(RunReport report) {
        return new HtmlReport(report).page();
    }

    /**
     * Writes the page, and beside it the same numbers as JSON ({@code report.html} and {@code report.json}); each file is
     * there whole or not at all.
     *
     * @return the JSON file
     */
    public static Path write(RunReport report, Path html) {
        String name = html.getFileName().toString();
        Path json = html
                .resolveSibling((name.endsWith(".html") ? name.substring(0, name.length() - 5) : name) + ".json");
        replace(html, render(report));
        replace(json, ReportJson.of(report));
        return json;
    }

    private String page() {
        out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>"
                + "<meta name=\"color-scheme\" content=\"light dark\"/><title>");
        text(report.name() + ": base against tuned").append("</title><style>\n").append(styleSheet())
                .append("</style></head><body><main>\n");
        head();
        scores();
        curves();
        examples();
        data();
        lineage();
        out.append(
                "<footer>Written by Attune. Intervals are 95 %; differences are paired, row by row, on held-out questions that"
                        + " neither training nor validation has seen.</footer></main></body></html>\n");
        return out.toString();
    }

    private void head() {
        out.append("<header><p class=\"kicker\">");
        text(report.name()).append(" · ").append(TIME.format(report.finishedAt())).append("</p><h1>");
        text(unbroken(report.headlineSentence())).append("</h1><p class=\"verdict\">");
        text(unbroken(Figures.verdict(report.headline()))).append("</p><p class=\"model\">Tuned model <code>");
        text(report.tunedModel()).append("</code></p></header>\n");
    }

    private void scores() {
        out.append("<section><h2>Scores</h2><div class=\"scroll\"><table><thead><tr><th>scorer</th>"
                + "<th class=\"wide\">95 % intervals</th><th>base</th><th>tuned</th><th>difference</th><th>p</th></tr></thead><tbody>");
        for (PairedComparison score : report.scores()) {
            out.append("<tr><th scope=\"row\">");
            text(score.scorer()).append("</th><td>").append(IntervalChart.svg(score)).append("</td>");
            cell(Figures.percent(score.base()));
            cell(Figures.percent(score.tuned()));
            cell(Figures.points(score.difference()));
            cell(Figures.p(score.pValue()));
            out.append("</tr>");
        }
        out.append("</tbody></table></div>");
        list(report.scores().stream()
                .map(score -> score.scorer() + ": " + score.test() + " on " + Figures.grouped(score.n())
                        + " rows; the tuned model is better on " + score.wins() + " and worse on " + score.losses()
                        + ".")
                .toList());
        out.append("</section>\n");
    }

    private void curves() {
        List<Point> train = points(JobEvent.Metrics::trainLoss, "training loss");
        List<Point> accuracy = points(JobEvent.Metrics::trainAccuracy, "training accuracy");
        String loss = LineChart.svg("Loss by step", List.of(
                new Series("training", "raw", false, train),
                new Series("training, smoothed", "train", false,
                        LineChart.smoothed(train, train.size() / 30)),
                new Series("validation, one batch", "valid", false,
                        points(JobEvent.Metrics::validLoss, "validation loss")),
                new Series("validation, whole", "full", true,
                        points(JobEvent.Metrics::fullValidLoss, "validation loss, whole file"))),
                true);
        String correct = LineChart.svg("Token accuracy by step", List.of(
                new Series("training", "raw", false, accuracy),
                new Series("training, smoothed", "train", false,
                        LineChart.smoothed(accuracy, accuracy.size() / 30)),
                new Series("validation, one batch", "valid", false,
                        points(JobEvent.Metrics::validAccuracy, "validation accuracy")),
                new Series("validation, whole", "full", true,
                        points(JobEvent.Metrics::fullValidAccuracy, "validation accuracy, whole file"))),
                false);
        if (!loss.isEmpty()) {
            out.append("<section><h2>Loss</h2><figure>").append(loss).append("</figure></section>\n");
        }
        if (!correct.isEmpty()) {
            out.append("<section><h2>Token accuracy</h2><figure>").append(correct).append("</figure></section>\n");
        }
    }

    private List<Point> points(ToDoubleFunction<JobEvent.Metrics> value, String name) {
        var points = new ArrayList<Point>();
        for (JobEvent.Metrics m : report.curve()) {
            double y = value.applyAsDouble(m);
            points.add(new Point(m.step(), y, "step " + m.step() + ": " + name + " " + Figures.loss(y)));
        }
        return points;
    }

    private void examples() {
        if (report.examples().isEmpty()) {
            return;
        }
        String scorer = report.headline().scorer();
        out.append("<section><h2>Side by side</h2><p>");
        text(report.misses() == 0
                ? "The tuned model answers every held-out question right by " + scorer + "."
                : "The tuned model misses " + Figures.grouped(report.misses()) + " of "
                        + Figures.grouped(report.headline().n())
                        + " held-out questions by " + scorer + "; where it misses any, one is shown.");
        out.append(" In the answers, <ins>this</ins> is too much and <del>this</del> is missing.</p>");
        for (Comparison row : report.examples()) {
            out.append("<article><h3>Question, line ").append(row.line())
                    .append("</h3><div class=\"text\" dir=\"auto\">");
            text(shortened(row.question())).append("</div><div class=\"columns\">");
            column("expected", "", row.expected(), row.expected());
            column("base", row.baseRight(scorer) ? "right" : "wrong", row.expected(), row.base());
            column("tuned", row.tunedRight(scorer) ? "right" : "wrong", row.expected(), row.tuned());
            out.append("</div></article>");
        }
        out.append("</section>\n");
    }

    private void column(String title, String mark, String expected, String answer) {
        out.append("<div><h4>").append(title);
        if (!mark.isEmpty()) {
            out.append(" <span class=\"").append(mark).append("\">").append(mark).append("</span>");
        }
        out.append("</h4><div class=\"text\" dir=\"auto\">");
        if (answer.isBlank() && !expected.equals(answer)) {
            out.append(answer.isEmpty() ? "<em>no answer</em>" : "<em>nothing but white space</em>");
        } else {
            marked(expected, answer);
        }
        out.append("</div></div>");
    }

    private void marked(String expected, String answer) {
        for (TextDiff.Part part : TextDiff.of(expected, answer)) {
            String tag = switch (part.kind()) {
                case SAME -> "span";
                case EXTRA -> "ins";
                case MISSING -> "del";
            };
            out.append('<').append(tag).append('>');
            text(shortened(part.text())).append("</").append(tag).append('>');
        }
    }

    /** A text as far as one wants to see it: a model that repeats itself does so for pages. */
    private static String shortened(String text) {
        String dense = text.replaceAll("\\R{3,}", "\n⏎\n");
        return dense.length() <= MOST_SHOWN
                ? dense
                : dense.substring(0, dense.offsetByCodePoints(0, dense.codePointCount(0, MOST_SHOWN))) + " … ("
                        + Figures.grouped(text.length()) + " characters in all)";
    }

    private void data() {
        DataSummary data = report.data();
        out.append("<section><h2>Data</h2><dl>");
        fact("file", data.file());
        fact("rows", Figures.grouped(data.rows()) + " good rows");
        fact("split",
                Figures.grouped(report.split().train()) + " training, " + Figures.grouped(report.split().validation())
                        + " validation, " + Figures.grouped(report.split().test()) + " held-out test");
        if (data.tokens() >= 0) {
            fact("tokens", Figures.grouped(data.tokens()) + ", of which " + Figures.grouped(data.trainedTokens())
                    + " are trained; the longest row has " + Figures.grouped(data.longestRow()));
        }
        fact("found", counted(data.warnings(), "warning") + ", " + counted(data.advice(), "hint"));
        out.append("</dl>");
        list(data.notes());
        list(data.estimates());
        out.append("</section>\n");
    }

    private void lineage() {
        out.append("<section><h2>Lineage</h2><dl>");
        report.lineage().forEach(this::fact);
        report.secondsByStep().forEach((step, seconds) -> fact("time to " + step, Figures.seconds(seconds)));
        out.append("</dl></section>\n");
    }

    private void list(List<String> sentences) {
        if (!sentences.isEmpty()) {
            out.append("<ul>");
            sentences.forEach(sentence -> {
                out.append("<li>");
                text(sentence).append("</li>");
            });
            out.append("</ul>");
        }
    }

    private void fact(String name, String value) {
        out.append("<div><dt>");
        text(name).append("</dt><dd>");
        text(value).append("</dd></div>");
    }

    /** An estimate, and below it its interval. */
    private void cell(String value) {
        out.append("<td>");
        int interval = value.indexOf(" [");
        text(interval < 0 ? value : value.substring(0, interval));
        if (interval >= 0) {
            out.append(" <small>");
            text(value.substring(interval + 1)).append("</small>");
        }
        out.append("</td>");
    }

    /** A sentence whose figures stay on one line. */
    private static String unbroken(String sentence) {
        return sentence.replaceAll(
                "(?<=\\d) (?=[%\\[])|(?<=%) (?=\\[)|(?<=,) (?=\\d)|(?<=p) (?=[<=])|(?<=[<=]) (?=\\d)", "\u00a0");
    }

    private static String counted(int count, String what) {
        return count == 0 ? "no " + what + "s" : count + " " + what + (count == 1 ? "" : "s");
    }

    private StringBuilder text(String value) {
        return out.append(Markup.escape(value));
    }

    private static String styleSheet() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is not beside HtmlReport.class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path file, String content) {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(aside, content);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new WorkflowException(Code.IO, "The report " + file + " cannot be written (" + e.getMessage()
                    + "); name another place as `report:` in the recipe.", e);
        }
    }
}
