package dev.attune.evals.decide;

import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.Outcome;
import dev.attune.evals.run.ScoredRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows of a page, side by side: losses before wins before ties, at most 400 of them, each text shortened. */
final class HtmlRows {
    private static final int MOST_ROWS = 400;
    private static final int LONGEST = 1_500;

    private final EvalReport report;
    private final StringBuilder out;

    HtmlRows(EvalReport report, StringBuilder out) {
        this.report = report;
        this.out = out;
    }

    void print() {
        Map<String, ScoredRow> other = new HashMap<>();
        report.base().ifPresent(
                base -> base.rows().forEach(row -> other.put(row.question().id() + " " + row.repeat(), row)));
        var groups = new ArrayList<List<ScoredRow>>(List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
        for (ScoredRow row : report.tuned().rows()) {
            double mine = value(row);
            ScoredRow base = other.get(row.question().id() + " " + row.repeat());
            double theirs = base == null ? 1 : value(base);
            groups.get(Double.isNaN(mine) || Double.isNaN(theirs)
                    ? 2
                    : mine < theirs ? 0 : base != null && mine > theirs ? 1 : 2).add(row);
        }
        String[] names = report.base().isPresent()
                ? new String[]{"Losses", "Wins", "Ties and rows without a score"}
                : new String[]{"Not fully right", "", "Right, and rows without a score"};
        int left = MOST_ROWS;
        for (int i = 0; i < names.length; i++) {
            List<ScoredRow> group = groups.get(i);
            if (group.isEmpty()) {
                continue;
            }
            List<ScoredRow> shown = group.subList(0, Math.min(left, group.size()));
            left -= shown.size();
            out.append(i == 0 ? "<details open=\"open\"><summary>" : "<details><summary>");
            text(names[i] + ": " + group.size()
                    + (shown.size() < group.size() ? ", " + shown.size() + " shown; the CSV has all" : ""))
                    .append("</summary>");
            shown.forEach(row -> row(row, other.get(row.question().id() + " " + row.repeat())));
            out.append("</details>\n");
        }
    }

    private static double value(ScoredRow row) {
        return row.outcomes().getFirst() instanceof Outcome.Scored scored ? scored.score().value() : Double.NaN;
    }

    private void row(ScoredRow row, @org.jspecify.annotations.Nullable ScoredRow base) {
        out.append("<article><h4>");
        text(row.question().id()).append("</h4><pre>");
        text(shortened(row.question().text())).append("</pre><div class=\"cols\">");
        if (row.question().referenced()) {
            column("expected", row.question().expected());
        }
        if (base != null) {
            column(report.base().orElseThrow().model() + " · " + said(base), base.text());
        }
        column(report.tuned().model() + " · " + said(row), row.text());
        out.append("</div></article>");
    }

    private String said(ScoredRow row) {
        if (row.reply() instanceof Reply.Failed failed) {
            return "no answer: " + failed.reason();
        }
        var said = new ArrayList<String>();
        for (int i = 0; i < row.outcomes().size(); i++) {
            said.add(report.tuned().scorers().get(i) + switch (row.outcomes().get(i)) {
                case Outcome.Scored s -> String.format(Locale.ROOT, " %.2f", s.score().value())
                        + (s.score().reason().isEmpty() ? "" : " (" + s.score().reason() + ")");
                case Outcome.Unscored u -> " not scored: " + u.reason();
                case Outcome.Failed f -> " failed: " + f.reason();
            });
        }
        return String.join(", ", said);
    }

    private void column(String title, String content) {
        out.append("<div><h4>");
        text(shortened(title)).append("</h4><pre>");
        text(shortened(content)).append("</pre></div>");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST))) + " … ("
                        + text.length() + " characters in all)";
    }

    private StringBuilder text(String value) {
        return out.append(Markup.escape(value));
    }
}
