package dev.attune.dataset.report;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.Distribution;
import dev.attune.dataset.LabelBalance;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Repetitions;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.Truncation;
import dev.attune.dataset.quality.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A report as one HTML page for a person: figures, plots, and every kind of problem with its first places and what to do. It
 * asks nothing of the network and runs no script.
 */
public final class HtmlReport {
    private static final int SHOWN = 20;
    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1c2024;--dim:#60646c;--line:#d9d9e0;--back:#fff;--bar:#3e63dd;--error:#ce2c31;--warning:#ab6400;--advice:#0d74ce}
            @media(prefers-color-scheme:dark){:root{--ink:#edeef0;--dim:#b0b4ba;--line:#43484e;--back:#111113;--bar:#849dff;--error:#ff9592;--warning:#ffca16;--advice:#70b8ff}}
            body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:56rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}h3{font-size:1rem;margin:1.5rem 0 .3rem}
            table{border-collapse:collapse}td,th{text-align:left;padding:.15rem 1rem .15rem 0;vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums}
            svg{width:100%;max-width:40rem;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:var(--dim)}.bar{fill:var(--bar)}.dot{fill:var(--bar);fill-opacity:.45}
            .axis{stroke:var(--line)}.limit{stroke:var(--error);stroke-dasharray:4 3}.dim{color:var(--dim)}.error{color:var(--error)}.warning{color:var(--warning)}.advice{color:var(--advice)}
            code{font:13px ui-monospace,monospace;overflow-wrap:anywhere;unicode-bidi:isolate}details{margin:.5rem 0;border-left:3px solid var(--line);padding-left:.8rem}summary{cursor:pointer}ol{padding-left:1.2rem}
            """;

    private final StringBuilder page = new StringBuilder();

    private HtmlReport() {}

    /** The whole page. */
    public static String of(CheckReport report) {
        var html = new HtmlReport();
        html.page(report);
        return html.page.toString();
    }

    private void page(CheckReport report) {
        String title = "Check of "
                + report.files().stream().map(FileReport::file).collect(Collectors.joining(", "));
        page.append(
                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>")
                .append(PageText.of(title)).append("</title><style>\n").append(STYLE).append("</style></head><body>\n");
        tag("h1", title);
        tag("p", "For " + report.target() + ": " + summary(report));
        if (report.isNarrowed()) {
            tag("p", "Looked at: " + report.checked().stream().map(group -> group.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ")) + ". What else there is to check was left out.");
        }
        report.files().forEach(file -> file(file, report.checked()));
        for (EvalReport set : report.evalSets()) {
            tag("h2", set.file());
            tag("p", text("%,d questions, %,d of them stand in the training data.", set.items(), set.contaminated()));
            findings(set.findings());
        }
        page.append("</body></html>\n");
    }

    private static String summary(CheckReport report) {
        return text("%,d errors, %,d warnings, %,d pieces of advice.", report.count(Severity.ERROR),
                report.count(Severity.WARNING), report.count(Severity.ADVICE));
    }

    private void file(FileReport file, Set<CheckGroup> checked) {
        tag("h2", file.file());
        if (file.data().rows() > 0) {
            figures(file, checked);
            plots(file);
        }
        tag("h3", "What was found");
        findings(file.findings());
    }

    private void figures(FileReport file, Set<CheckGroup> checked) {
        page.append("<table>");
        row("format", file.format());
        row("rows", text("%,d of %,d can be read", file.data().rows(), file.examples()));
        if (checked.contains(CheckGroup.TOKENS)) {
            row("tokens", spread(file.data().tokens().total()));
            row("trained", spread(file.data().tokens().trained()));
        }
        Truncation cut = file.data().tokens().truncation();
        if (cut.rows() > 0) {
            row("cut off", text("%,d tokens of %,d rows, %,d of them trained; %,d rows have nothing left to train",
                    cut.tokens(), cut.rows(), cut.trainedTokens(), cut.emptied().size()));
        }
        if (file.target().images().images() > 0) {
            row("images", text("%,d in %,d rows", file.target().images().images(), file.target().images().rows()));
        }
        if (checked.contains(CheckGroup.REPEATS)) {
            repetitions(file.data().repetitions());
        }
        file.estimate().ifPresent(estimate -> row("estimate", estimate(estimate)));
        page.append("</table>\n");
    }

    private void repetitions(Repetitions found) {
        row("duplicates", text("%,d exact, %,d near", found.exactSurplus(), found.nearSurplus()));
        row("contradictions", found.conflicting() == 0
                ? "none"
                : text("%,d rows; no model can answer more than %.1f %% as written", found.conflicting(),
                        100 * found.accuracyCeiling()));
    }

    private static String spread(Distribution d) {
        return text("%,d in all; a row %,d to %,d, half up to %,.0f, 95 %% up to %,.0f", d.total(), d.min(), d.max(),
                d.median(), d.p95());
    }

    private static String estimate(CostEstimate estimate) {
        var parts = new ArrayList<String>();
        parts.add(text("%s: %,d epochs, %,d tokens", estimate.model(), estimate.epochs(), estimate.billedTokens()));
        estimate.usd().ifPresent(usd -> parts.add(text("$%.2f (%s)", usd, estimate.priceNote())));
        estimate.usdPerThousandRequests().ifPresent(usd -> parts.add(text("$%.2f for 1,000 requests like these", usd)));
        estimate.duration()
                .ifPresent(time -> parts.add("about " + Math.max(1, time.toMinutes()) + " min on this machine"));
        return String.join("; ", parts);
    }

    private void plots(FileReport file) {
        List<TokenCount> rows = file.data().tokens().perRow();
        int limit = file.data().tokens().context();
        plot("Tokens of a row", Plots.histogram(rows, TokenCount::total, limit, "Tokens of a row"));
        plot("Trained tokens of a row", Plots.histogram(rows, TokenCount::trained, 0, "Trained tokens of a row"));
        plot("What is asked (across) and what is answered (up), in tokens", Plots.scatter(rows, "Lengths"));
        for (LabelBalance label : file.data().labels()) {
            plot(label.field().isEmpty() ? "Answers" : "The field " + label.field(), Plots.bars(label));
        }
    }

    private void plot(String title, String svg) {
        if (!svg.isEmpty()) {
            tag("h3", title);
            page.append(svg).append('\n');
        }
    }

    private void findings(List<FindingGroup> groups) {
        if (groups.isEmpty()) {
            tag("p", "No problems.");
        }
        for (FindingGroup group : groups) {
            String severity = group.severity().name().toLowerCase(Locale.ROOT);
            CheckEntry entry = group.entry();
            page.append("<details").append(group.severity() == Severity.ERROR ? " open" : "")
                    .append("><summary><b class=\"")
                    .append(severity).append("\">").append(severity).append("</b> ").append(PageText.of(entry.title()))
                    .append(text(" × %,d <code>%s</code></summary>", group.count(), PageText.of(group.code())));
            tag("p", entry.explanation() + fix(entry));
            page.append("<ol>");
            for (Problem problem : group.problems().subList(0, Math.min(SHOWN, group.problems().size()))) {
                page.append("<li>").append(PageText.of(problem.toString()));
                if (!problem.excerpt().isEmpty()) {
                    page.append("<br><code class=\"dim\">").append(PageText.of(problem.excerpt())).append("</code>");
                }
                page.append("</li>");
            }
            page.append("</ol>");
            if (group.problems().size() > SHOWN) {
                tag("p", text("and %,d more; --format json has their lines", group.problems().size() - SHOWN));
            }
            page.append("</details>\n");
        }
    }

    private static String fix(CheckEntry entry) {
        return switch (entry.repair()) {
            case Repair.SAFE -> " --fix repairs it.";
            case Repair.ON_REQUEST -> " It can be repaired where that is asked for.";
            case Repair.NONE -> "";
        };
    }

    private void row(String name, String value) {
        page.append("<tr><th>").append(PageText.of(name)).append("</th><td>").append(PageText.of(value))
                .append("</td></tr>");
    }

    private void tag(String tag, String text) {
        page.append('<').append(tag).append('>').append(PageText.of(text)).append("</").append(tag).append(">\n");
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
