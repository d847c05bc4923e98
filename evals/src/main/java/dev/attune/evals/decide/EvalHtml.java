package dev.attune.evals.decide;

import dev.attune.evals.PairedComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A report as one page that needs nothing else and runs nothing: no script, no address outside itself. It is well-formed XML;
 * every text from outside is escaped. At most 400 rows are shown, losses before wins before ties, so that it opens at once
 * however many there are; the CSV has all.
 */
public final class EvalHtml {
    private static final String STYLE = """
            :root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{margin:0 auto;max-width:1100px;padding:1.5rem}
            table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.25rem .7rem;text-align:left;border-bottom:1px solid #8884;vertical-align:top}
            .n{text-align:right;font-variant-numeric:tabular-nums}.passed{color:#1a7f37}.refused{color:#cf222e}.undecided{color:#9a6700}
            article{border:1px solid #8884;border-radius:6px;padding:.6rem .9rem;margin:.6rem 0;content-visibility:auto;contain-intrinsic-size:auto 180px}
            .cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0;font:13px/1.45 ui-monospace,monospace}
            h4{margin:.3rem 0 0;font-size:.85rem;color:#888}summary{cursor:pointer;font-weight:600;margin:.6rem 0}
            """;

    private static final int MOST_LABELS = 30;

    private final EvalReport report;
    private final StringBuilder out = new StringBuilder(1 << 16);

    private EvalHtml(EvalReport report) {
        this.report = report;
    }

    public static String of(EvalReport report) {
        return new EvalHtml(report).page();
    }

    private String page() {
        out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/><title>");
        text(report.title()).append("</title><style>").append(STYLE).append("</style></head><body><h1>");
        text(report.title()).append("</h1>\n");
        decision();
        scores();
        labels();
        slices();
        general();
        stress();
        calibrations();
        pairwise();
        notes();
        new HtmlRows(report, out).print();
        out.append(
                "<p>Intervals are 95 %; p-values are of paired tests, question by question; random draws begin with seed ")
                .append(report.seed()).append(".</p></body></html>\n");
        return out.toString();
    }

    private void decision() {
        if (report.decision().checks().isEmpty()) {
            return;
        }
        out.append("<section><h2>Gate: ");
        verdict(report.decision().verdict());
        out.append("</h2><table><tbody>");
        for (Decision.Check check : report.decision().checks()) {
            out.append("<tr><th>");
            text(check.rule()).append("</th><td>");
            verdict(check.verdict());
            out.append("</td><td>");
            text(check.sentence()).append("</td></tr>");
        }
        out.append("</tbody></table></section>\n");
    }

    private void verdict(Decision.Verdict verdict) {
        String name = verdict.name().toLowerCase(Locale.ROOT);
        out.append("<span class=\"").append(name).append("\">").append(name).append("</span>");
    }

    private void scores() {
        out.append("<section><h2>Scores</h2><table><thead><tr><th>scorer</th><th>score</th><th class=\"n\">scored</th>"
                + "<th class=\"n\">not scored</th><th class=\"n\">failed</th>");
        if (report.base().isPresent()) {
            out.append(
                    "<th>compared model</th><th>difference</th><th>p</th><th class=\"n\">won</th><th class=\"n\">lost</th><th class=\"n\">tied</th>");
        }
        out.append("</tr></thead><tbody>");
        for (ScorerResult scorer : report.scorers()) {
            out.append("<tr><th>");
            text(scorer.scorer()).append("</th>");
            cell(scorer.sentence());
            number(scorer.counts().scored());
            number(scorer.counts().unscored());
            number(scorer.counts().failed());
            scorer.comparison().filter(c -> c.n() > 0).ifPresent(this::comparison);
            out.append("</tr>");
        }
        out.append("</tbody></table>");
        for (ScorerResult scorer : report.scorers()) {
            if (!scorer.passAt().isEmpty()) {
                int k = scorer.passAt().size();
                out.append("<p>");
                text(scorer.scorer() + ": of " + k + " answers to a question at least one is right "
                        + Gate.percent(scorer.passAt().getLast())
                        + " of the time, all are " + Gate.percent(scorer.passAll().getLast()) + ".").append("</p>");
            }
        }
        out.append("</section>\n");
    }

    private void comparison(PairedComparison comparison) {
        cell(Gate.share(comparison.base()));
        cell(Gate.points(comparison.difference()));
        cell(Gate.pValue(comparison.pValue()).substring(2));
        number(comparison.wins());
        number(comparison.losses());
        number(comparison.n() - comparison.wins() - comparison.losses());
    }

    /** Each classification with its confusion matrix; a large one is left to the JSON. */
    private void labels() {
        for (LabelFigures labels : report.labels()) {
            out.append("<section><h2>Labels</h2><p>");
            text(labels.sentence()).append(".</p>");
            if (labels.figures().labels().size() <= MOST_LABELS) {
                confusion(labels);
            }
            out.append("</section>\n");
        }
    }

    private void confusion(LabelFigures labels) {
        List<String> names = labels.figures().labels();
        out.append("<table><thead><tr><th>expected, given</th>");
        names.forEach(name -> {
            out.append("<th class=\"n\">");
            text(name).append("</th>");
        });
        out.append("<th class=\"n\">precision</th><th class=\"n\">recall</th></tr></thead><tbody>");
        for (int i = 0; i < names.size(); i++) {
            out.append("<tr><th>");
            text(names.get(i)).append("</th>");
            for (int count : labels.figures().table()[i]) {
                number(count);
            }
            cell(String.format(Locale.ROOT, "%.3f", labels.figures().precision(names.get(i))));
            cell(String.format(Locale.ROOT, "%.3f", labels.figures().recall(names.get(i))));
            out.append("</tr>");
        }
        out.append("</tbody></table>");
    }

    private void slices() {
        if (report.slices().isEmpty()) {
            return;
        }
        out.append("<section><h2>Slices, by ");
        text(report.headline().scorer())
                .append("</h2><table><thead><tr><th>slice</th><th class=\"n\">questions</th><th>score</th>"
                        + "<th>difference</th><th>p after Holm</th></tr></thead><tbody>");
        for (SliceResult slice : report.slices()) {
            out.append("<tr><th>");
            text(slice.key() + "=" + slice.value()).append("</th>");
            cell(slice.n() + (slice.isSmall() ? " (few)" : ""));
            cell(Gate.share(slice.score()));
            cell(slice.comparison().map(c -> Gate.points(c.difference())).orElse(""));
            cell(slice.comparison().isPresent() ? Gate.pValue(slice.adjustedP()).substring(2) : "");
            out.append("</tr>");
        }
        out.append("</tbody></table></section>\n");
    }

    private void general() {
        report.general().ifPresent(general -> {
            out.append(
                    "<section><h2>General set</h2><table><thead><tr><th>area</th><th>model</th><th>compared model</th><th>difference</th><th>p</th>"
                            + "<th class=\"n\">won</th><th class=\"n\">lost</th><th class=\"n\">tied</th></tr></thead><tbody>");
            var all = new ArrayList<>(general.families());
            all.add(general.all());
            for (PairedComparison family : all) {
                out.append("<tr><th>");
                text(family.scorer()).append("</th>");
                cell(Gate.share(family.tuned()));
                comparison(family);
                out.append("</tr>");
            }
            out.append("</tbody></table></section>\n");
        });
    }

    private void calibrations() {
        report.calibrations().forEach((name, c) -> {
            out.append("<section><h2>Judge: ");
            text(name).append("</h2><p>");
            text(String.format(Locale.ROOT,
                    "On %d labelled rows: agreement %.3f, κ %.3f, AC1 %.3f, sensitivity %.3f, specificity %.3f; %d rows got no grade.",
                    c.n(), c.agreement(), c.kappa(), c.gwet(), c.sensitivity(), c.specificity(), c.unscored()))
                    .append("</p>");
            report.corrected().stream().filter(corrected -> corrected.scorer().equals(name)).forEach(corrected -> {
                out.append("<p>");
                text(corrected.sentence()).append(".</p>");
            });
            out.append("</section>\n");
        });
    }

    private void stress() {
        report.stress().ifPresent(stress -> {
            out.append("<section><h2>Under stress, by ");
            text(stress.scorer()).append("</h2>");
            if (!stress.robustness().isEmpty()) {
                out.append("<table><thead><tr><th>disturbed by</th><th class=\"n\">questions</th><th>score lost</th>"
                        + "<th>change</th></tr></thead><tbody>");
                for (StressResult.Disturbed d : stress.robustness()) {
                    out.append("<tr><th>");
                    text(d.kind()).append("</th>");
                    cell(d.n() + (d.n() < StressResult.ENOUGH ? " (few)" : ""));
                    cell(Gate.percent(d.dropRate()));
                    cell(Gate.points(d.change()));
                    out.append("</tr>");
                }
                out.append("</tbody></table>");
            }
            stress.bias().ifPresent(bias -> {
                out.append("<p>");
                text(String.format(Locale.ROOT, "Counterfactual pairs: %d of %d turn (%s), %s.", bias.flips(),
                        bias.pairs(), Gate.share(bias.flipRate()), Gate.pValue(bias.p()))).append("</p>");
            });
            out.append("</section>\n");
        });
    }

    private void pairwise() {
        report.pairwise().ifPresent(pairs -> {
            out.append("<section><h2>Judge of pairs: ");
            text(pairs.judge()).append("</h2><p>");
            text(String.format(Locale.ROOT, "Won %d, lost %d, tied %d, no verdict %d: win rate %s", pairs.wins(),
                    pairs.losses(), pairs.ties(),
                    pairs.none(), Gate.share(pairs.winRate()))
                    + pairs.atEqualLength().map(length -> ", at equal length " + Gate.share(length.controlled()))
                            .orElse("")
                    + pairs.atEqualStyle().map(style -> ", at equal length and markdown "
                            + Gate.share(style.controlled())).orElse("")
                    + String.format(Locale.ROOT,
                            ". Both orders agree on %s of the pairs; leaning to the first place: %+.2f.",
                            Gate.percent(pairs.consistency()), pairs.firstPreference()))
                    .append("</p></section>\n");
        });
    }

    private void notes() {
        if (!report.notes().isEmpty()) {
            out.append("<section><h2>To know</h2><ul>");
            report.notes().forEach(note -> {
                out.append("<li>");
                text(note).append("</li>");
            });
            out.append("</ul></section>\n");
        }
    }

    private void cell(String content) {
        out.append("<td>");
        text(content).append("</td>");
    }

    private void number(int value) {
        out.append("<td class=\"n\">").append(value).append("</td>");
    }

    private StringBuilder text(String value) {
        return out.append(Markup.escape(value));
    }
}
