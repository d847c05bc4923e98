package dev.attune.cli;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DataFigures;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.Distribution;
import dev.attune.dataset.LabelBalance;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Repetitions;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.report.CheckGroup;
import dev.attune.dataset.report.FileReport;
import dev.attune.dataset.report.FindingGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** How a dataset's report looks in the terminal: the figures first, then what is wrong, the worst first. */
final class ReportView {
    private static final int SHOWN_OF_A_KIND = 3;
    private static final int NAMED_LINES = 12;
    private static final int SHOWN_LABELS = 8;
    private static final int BINS = 24;
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";

    private final Screen screen;

    ReportView(Screen screen) {
        this.screen = screen;
    }

    /** Writes everything about a dataset. */
    void print(DatasetReport report, List<String> estimates) {
        figures(DataFigures.of(report), estimates, CheckGroup.all());
        groups(grouped(report.problems()));
    }

    /** Writes everything about a file of which these groups were checked. */
    void print(FileReport file, Set<CheckGroup> checked) {
        figures(file.data(), file.estimate().map(ReportView::sentence).stream().toList(), checked);
        groups(file.findings());
    }

    private void figures(DataFigures report, List<String> estimates, Set<CheckGroup> checked) {
        if (report.rows() > 0) {
            var table = new TextTable("", "");
            table.row(name("rows"), Words.count(report.rows()) + messages(report.messages()));
            if (checked.contains(CheckGroup.TOKENS)) {
                tokens(report, table);
            }
            for (LabelBalance label : report.labels()) {
                table.row(name(label.field().isEmpty() ? "answer" : label.field()), labels(label, report.rows()));
            }
            if (checked.contains(CheckGroup.REPEATS)) {
                repetitions(report.repetitions(), table);
            }
            estimates.forEach(estimate -> table.row(name("estimate"), estimate));
            table.print(screen);
        }
    }

    private void tokens(DataFigures report, TextTable table) {
        Distribution tokens = report.tokens().total();
        Distribution trained = report.tokens().trained();
        table.row(name("tokens"),
                Words.count(tokens.total()) + ", of which " + Words.count(trained.total()) + " are answers to learn");
        table.row(name("in a row"), spread(tokens) + (report.tokens().context() > 0
                ? screen.paint(Style.DIM, "  (the model takes " + Words.count(report.tokens().context()) + ")")
                : ""));
        table.row("", histogram(report.tokens().perRow(), TokenCount::total));
        table.row(name("in an answer"), spread(trained));
    }

    private void repetitions(Repetitions found, TextTable table) {
        table.row(name("duplicates"),
                found.exactSurplus() + found.nearSurplus() == 0
                        ? "none"
                        : Words.count(found.exactSurplus()) + " exact, " + Words.count(found.nearSurplus())
                                + " near (a split keeps them together)");
        table.row(name("contradictions"), found.conflicting() == 0
                ? "none"
                : Words.count(found.conflicting(), "row") + "; no model can answer more than "
                        + Words.percent(found.accuracyCeiling()) + " of these rows as written");
    }

    /** An estimate in words: time here, money elsewhere. */
    static String sentence(CostEstimate estimate) {
        String work = Words.count(estimate.epochs(), "epoch") + ", " + Words.count(estimate.billedTokens()) + " tokens";
        String time = estimate.duration().map(d -> "about " + Words.duration(d) + " on this machine, at no price")
                .orElse("");
        String price = estimate.usd().isPresent()
                ? String.format(Locale.ROOT, "$%.2f (%s)", estimate.usd().getAsDouble(), estimate.priceNote())
                : "";
        String requests = estimate.usdPerThousandRequests().isPresent()
                ? String.format(Locale.ROOT, "; $%.2f for 1,000 requests like these rows",
                        estimate.usdPerThousandRequests().getAsDouble())
                : "";
        return estimate.model() + ": " + (time.isEmpty() ? price.isEmpty() ? "no price is known" : price : time)
                + " for " + work + requests;
    }

    private static String messages(Distribution messages) {
        return messages.min() == messages.max()
                ? " of " + Words.count(messages.max(), "message")
                : " of " + messages.min() + " to " + Words.count(messages.max(), "message");
    }

    private static String spread(Distribution d) {
        return String.format(Locale.ROOT, "%,d to %,d, median %,.0f, mean %,.1f, nine of ten below %,.0f", d.min(),
                d.max(), d.median(),
                d.mean(), Math.ceil(d.p90()) + 1);
    }

    /** A bar for each of the equal ranges between the smallest and the largest number. */
    private String histogram(List<TokenCount> rows, ToLongFunction<TokenCount> number) {
        if (rows.isEmpty()) {
            return "";
        }
        long min = rows.stream().mapToLong(number).min().orElse(0);
        long max = rows.stream().mapToLong(number).max().orElse(0);
        int[] counts = new int[BINS];
        for (TokenCount row : rows) {
            counts[(int) Math.min(BINS - 1L, (number.applyAsLong(row) - min) * BINS / Math.max(1, max - min + 1))]++;
        }
        int most = Math.max(1, java.util.Arrays.stream(counts).max().orElse(1));
        var bars = new StringBuilder();
        for (int count : counts) {
            bars.append(count == 0 ? ' ' : BLOCKS.charAt((int) Math.min(7, Math.ceil(count * 8.0 / most) - 1)));
        }
        return screen.paint(Style.CYAN, min + " " + bars + " " + max);
    }

    private static String labels(LabelBalance label, int rows) {
        String shown = label.counts().entrySet().stream().limit(SHOWN_LABELS)
                .map(entry -> Words.oneLine(entry.getKey()) + " " + Math.round(100.0 * entry.getValue() / rows) + " %")
                .collect(Collectors.joining(", "));
        int more = label.counts().size() - SHOWN_LABELS;
        return shown + (more > 0 ? ", " + more + " more" : "");
    }

    private static List<FindingGroup> grouped(List<Problem> problems) {
        Map<String, List<Problem>> kinds = new LinkedHashMap<>();
        problems.stream().sorted(Comparator.comparing(Problem::severity)).forEach(problem -> kinds
                .computeIfAbsent(problem.severity() + problem.code(), kind -> new ArrayList<>()).add(problem));
        return kinds.values().stream().map(kind -> new FindingGroup(kind.getFirst().code(),
                kind.getFirst().severity(), kind.size(), kind)).toList();
    }

    /** Writes the problems, kind by kind, the first places of each. */
    void groups(List<FindingGroup> groups) {
        if (groups.isEmpty()) {
            screen.line("  " + screen.paint(Style.GREEN, "✔ no problems"));
            return;
        }
        groups.forEach(this::kind);
        screen.line("  " + summary(count(groups, Severity.ERROR), count(groups, Severity.WARNING),
                count(groups, Severity.ADVICE)));
    }

    private static long count(List<FindingGroup> groups, Severity severity) {
        return groups.stream().filter(group -> group.severity() == severity).mapToLong(FindingGroup::count).sum();
    }

    private void kind(FindingGroup group) {
        List<Problem> problems = group.problems();
        screen.line("  " + screen.paint(style(group.severity()),
                mark(group.severity()) + " " + group.code().replace('_', ' '))
                + (group.count() > 1 ? screen.paint(Style.DIM, " × " + Words.count(group.count())) : ""));
        for (Problem problem : problems.subList(0, Math.min(SHOWN_OF_A_KIND, problems.size()))) {
            screen.line("    " + (problem.where().isEmpty() ? "" : screen.paint(Style.BOLD, problem.where()) + ": ")
                    + problem.message());
            if (!problem.excerpt().isEmpty()) {
                screen.line("      " + screen.paint(Style.DIM, Words.oneLine(problem.excerpt())));
            }
        }
        if (problems.size() > SHOWN_OF_A_KIND) {
            var lines = new LinkedHashSet<String>();
            int named = SHOWN_OF_A_KIND;
            while (named < problems.size() && (lines.size() < NAMED_LINES
                    || lines.contains(Integer.toString(problems.get(named).line())))) {
                lines.add(Integer.toString(problems.get(named++).line()));
            }
            long more = group.count() - named;
            screen.line("    " + screen.paint(Style.DIM, "and on line " + String.join(", ", lines)
                    + (more > 0 ? " and " + Words.count(more) + " more (--format json has their lines)" : "")));
        }
    }

    /** {@code 2 errors, 1 warning, 3 pieces of advice}, and what that means. */
    String summary(long errors, long warnings, long advice) {
        var parts = new ArrayList<String>();
        if (errors > 0) {
            parts.add(screen.paint(Style.RED, Words.count(errors, "error")));
        }
        if (warnings > 0) {
            parts.add(screen.paint(Style.YELLOW, Words.count(warnings, "warning")));
        }
        if (advice > 0) {
            parts.add(Words.count(advice) + (advice == 1 ? " piece of advice" : " pieces of advice"));
        }
        if (parts.isEmpty()) {
            return "no problems";
        }
        String what = String.join(", ", parts);
        return errors > 0
                ? what + ": not ready to be trained on"
                : what + "; nothing that keeps it from being trained on";
    }

    private String name(String text) {
        return screen.paint(Style.DIM, text);
    }

    private static Style style(Severity severity) {
        return switch (severity) {
            case ERROR -> Style.RED;
            case WARNING -> Style.YELLOW;
            case ADVICE -> Style.BLUE;
        };
    }

    private static String mark(Severity severity) {
        return switch (severity) {
            case ERROR -> "✘";
            case WARNING -> "!";
            case ADVICE -> "›";
        };
    }
}
