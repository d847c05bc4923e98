package dev.attune.cli;

import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import dev.attune.evals.decide.Decision;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.decide.ScorerResult;
import dev.attune.evals.decide.SliceResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation as a person reads it in the terminal: scores, slices, what was left out, and the gate last. */
final class EvalView {
    private final Screen screen;

    EvalView(Screen screen) {
        this.screen = screen;
    }

    void print(EvalReport report) {
        screen.title(report.title());
        scores(report);
        report.labels().forEach(labels -> screen.line("  " + Words.oneLine(labels.sentence())));
        slices(report);
        general(report);
        stress(report);
        report.calibrations().forEach((name, c) -> screen.line(String.format(Locale.ROOT,
                "  %s against people on %d rows: agreement %.3f, κ %.3f, AC1 %.3f, sensitivity %.3f, specificity %.3f%s",
                name, c.n(),
                c.agreement(), c.kappa(), c.gwet(), c.sensitivity(), c.specificity(),
                c.unscored() == 0 ? "" : "; " + Words.count(c.unscored(), "row") + " got no grade")));
        report.corrected().forEach(corrected -> screen.line("  " + Words.oneLine(corrected.sentence())));
        report.pairwise().ifPresent(pairs -> screen.line(String.format(Locale.ROOT,
                "  pairs judged by %s: won %d, lost %d, tied %d, no verdict %d; win rate %s%s; both orders agree on %s",
                pairs.judge(),
                pairs.wins(), pairs.losses(), pairs.ties(), pairs.none(), Words.percent(pairs.winRate().estimate()),
                pairs.atEqualLength().map(l -> ", at equal length " + Words.percent(l.controlled().estimate()))
                        .orElse("")
                        + pairs.atEqualStyle()
                                .map(s -> ", at equal length and markdown " + Words.percent(s.controlled().estimate()))
                                .orElse(""),
                Words.percent(pairs.consistency()))));
        report.notes().forEach(note -> screen.line("  " + screen.paint(Style.YELLOW, Words.oneLine(note))));
        gate(report.decision());
    }

    private void scores(EvalReport report) {
        boolean paired = report.base().isPresent();
        var table = paired
                ? new TextTable("score", ">base", "95 % interval", ">tuned", "95 % interval", ">difference",
                        "95 % interval", "paired", "won/lost/tied")
                : new TextTable("score", ">mean", "95 % interval", ">scored", ">not scored", ">failed");
        for (ScorerResult scorer : report.scorers()) {
            if (scorer.questions() == 0 || scorer.comparison().map(c -> c.n() == 0).orElse(false)) {
                table.row(paired
                        ? new String[]{scorer.scorer(), "none", "", "none", "", "", "", "", ""}
                        : new String[]{scorer.scorer(), "none", "", "0", Words.count(scorer.counts().unscored()),
                                Words.count(scorer.counts().failed())});
            } else if (scorer.comparison().isPresent()) {
                PairedComparison c = scorer.comparison().get();
                table.row(scorer.scorer(), Words.percent(c.base().estimate()), range(c.base()),
                        Words.percent(c.tuned().estimate()),
                        range(c.tuned()), change(c.difference()), range(c.difference()), Words.pValue(c.pValue()),
                        c.wins() + "/" + c.losses() + "/" + (c.n() - c.wins() - c.losses()));
            } else {
                table.row(scorer.scorer(), Words.percent(scorer.score().estimate()), range(scorer.score()),
                        Words.count(scorer.counts().scored()), Words.count(scorer.counts().unscored()),
                        Words.count(scorer.counts().failed()));
            }
        }
        table.print(screen);
        for (ScorerResult scorer : report.scorers()) {
            if (!scorer.passAt().isEmpty()) {
                screen.line(String.format(Locale.ROOT,
                        "  %s: of %d answers at least one is right %.1f %% of the time, all are %.1f %%",
                        scorer.scorer(), scorer.passAt().size(), 100 * scorer.passAt().getLast(),
                        100 * scorer.passAll().getLast()));
            }
        }
        report.headline().comparison().filter(c -> c.n() > 0).ifPresent(c -> screen.line("  " + verdict(c)));
    }

    private String verdict(PairedComparison c) {
        String rows = Words.count(c.n(), "question");
        if (c.difference().low() > 0) {
            return screen.paint(Style.GREEN, "On " + rows + " the measured model is better.");
        }
        return c.difference().high() < 0
                ? screen.paint(Style.RED, "On " + rows + " the measured model is worse.")
                : screen.paint(Style.YELLOW, rows + " do not show a difference.");
    }

    private void slices(EvalReport report) {
        if (report.slices().isEmpty()) {
            return;
        }
        screen.title("By slice, " + report.headline().scorer());
        var table = new TextTable("slice", ">questions", ">mean", "95 % interval", ">difference", "95 % interval",
                "p after Holm");
        for (SliceResult slice : report.slices()) {
            table.row(slice.key() + "=" + Words.oneLine(slice.value()), slice.n() + (slice.isSmall() ? " (few)" : ""),
                    Words.percent(slice.score().estimate()), range(slice.score()),
                    slice.comparison().map(c -> change(c.difference())).orElse(""),
                    slice.comparison().map(c -> range(c.difference())).orElse(""),
                    slice.comparison().map(c -> Words.pValue(slice.adjustedP())).orElse(""));
        }
        table.print(screen);
    }

    private void general(EvalReport report) {
        report.general().ifPresent(general -> {
            screen.title("General set: what may be forgotten");
            var table = new TextTable("area", ">base", ">tuned", ">difference", "95 % interval", "paired",
                    "won/lost/tied");
            List<PairedComparison> all = new ArrayList<>(general.families());
            all.add(general.all());
            for (PairedComparison c : all) {
                table.row(c.scorer(), Words.percent(c.base().estimate()), Words.percent(c.tuned().estimate()),
                        change(c.difference()),
                        range(c.difference()), Words.pValue(c.pValue()),
                        c.wins() + "/" + c.losses() + "/" + (c.n() - c.wins() - c.losses()));
            }
            table.print(screen);
        });
    }

    private void stress(EvalReport report) {
        report.stress().ifPresent(stress -> {
            stress.robustness()
                    .forEach(d -> screen.line(
                            String.format(Locale.ROOT, "  disturbed by %s: %.1f %% of the score lost on %d questions",
                                    d.kind(), 100 * d.dropRate(), d.n())));
            stress.bias()
                    .ifPresent(b -> screen.line(String.format(Locale.ROOT, "  counterfactual pairs: %d of %d turn, %s",
                            b.flips(), b.pairs(),
                            Words.pValue(b.p()))));
        });
    }

    /** The gate, with every rule; nothing where there is none. */
    void gate(Decision decision) {
        if (decision.checks().isEmpty()) {
            return;
        }
        screen.title("Gate");
        for (Decision.Check check : decision.checks()) {
            screen.line("  " + mark(check.verdict()) + " " + check.rule() + ": " + Words.oneLine(check.sentence()));
        }
        screen.line("  " + switch (decision.verdict()) {
            case PASSED -> screen.paint(Style.GREEN, "passed: promote it");
            case REFUSED -> screen.paint(Style.RED, "refused: do not promote it");
            case UNDECIDED -> screen.paint(Style.YELLOW, "could not decide");
        });
    }

    private String mark(Decision.Verdict verdict) {
        return switch (verdict) {
            case PASSED -> screen.paint(Style.GREEN, "✔");
            case REFUSED -> screen.paint(Style.RED, "✘");
            case UNDECIDED -> screen.paint(Style.YELLOW, "?");
        };
    }

    private static String change(Interval difference) {
        return String.format(Locale.ROOT, "%+.1f", 100 * difference.estimate());
    }

    private static String range(Interval interval) {
        return String.format(Locale.ROOT, "%.1f to %.1f", 100 * interval.low(), 100 * interval.high());
    }
}
