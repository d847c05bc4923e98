package dev.attune.cli;

import dev.attune.dataset.DatasetReport;
import dev.attune.evals.Interval;
import dev.attune.evals.PairedComparison;
import dev.attune.workflow.Comparison;
import dev.attune.workflow.Provider;
import dev.attune.workflow.Recipe;
import dev.attune.workflow.RunEvent;
import dev.attune.workflow.RunListener;
import dev.attune.workflow.RunResult;
import dev.attune.workflow.RunStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** How a run looks in the terminal: a title for every step, what it found under it, and the comparison at the end. */
final class RunView implements RunListener {
    private static final int MOST_ANSWER_LINES = 8;

    private final Screen screen;
    private final Function<DatasetReport, List<String>> estimate;
    private final JobView job;
    private boolean compared;

    /**
     * A view.
     *
     * @param estimate what tuning takes here, in sentences; added to what the run itself says
     */
    RunView(Screen screen, Function<DatasetReport, List<String>> estimate) {
        this.screen = screen;
        this.estimate = estimate;
        this.job = new JobView(screen);
    }

    @Override
    public void on(RunEvent event) {
        switch (event) {
            case RunEvent.StepStarted e -> screen.title(number(e.step()) + title(e.step()));
            case RunEvent.StepReused e ->
                screen.title(number(e.step()) + title(e.step()) + screen.paint(Style.GREEN, " ✔ done before"));
            case RunEvent.StepOutdated e -> screen.line("  " + screen.paint(Style.YELLOW, "done again: " + e.reason()));
            case RunEvent.StepFinished e -> {
                screen.wipe();
                if (e.took().toSeconds() >= 1) {
                    screen.line("  " + screen.paint(Style.DIM, "took " + Words.duration(e.took())));
                }
            }
            case RunEvent.Checked e -> checked(e);
            case RunEvent.SplitMade e -> {
                screen.line("  " + Words.count(e.train()) + " rows to train on, " + Words.count(e.validation())
                        + " to validate, "
                        + Words.count(e.test()) + " held out for the test; near-duplicates stay in one part");
                e.notes().forEach(note -> screen.line("  " + screen.paint(Style.YELLOW, note)));
            }
            case RunEvent.FileUploaded e -> screen.line("  " + e.file().getFileName() + " → " + e.uploaded().id());
            case RunEvent.JobStarted e -> screen.line("  job " + e.job().id() + " on " + e.job().model()
                    + (e.resumed() ? ", begun before" : ""));
            case RunEvent.JobProgress e -> job.accept(e.event());
            case RunEvent.Answered e -> answered(e);
            case RunEvent.Scored e -> screen.wipe();
            case RunEvent.ExamplesPicked e -> screen.wipe();
            case RunEvent.ReportWritten e -> screen.line("  " + Folders.shown(e.html()) + screen.paint(Style.DIM,
                    " (open it in a browser; " + e.json().getFileName() + " beside it is for programs)"));
        }
    }

    /** Writes the comparison, once, from what the run returned. */
    void comparison(RunResult result) {
        if (compared) {
            return;
        }
        compared = true;
        screen.title("Base against tuned");
        scores(result.scores());
        screen.title("Side by side");
        result.examples().forEach(this::sideBySide);
    }

    private void checked(RunEvent.Checked e) {
        var estimates = new ArrayList<>(e.summary().estimates());
        if (!e.report().hasErrors()) {
            estimates.addAll(estimate.apply(e.report()));
        }
        new ReportView(screen).print(e.report(), estimates);
        e.leaks().forEach(leak -> screen.line("  " + screen.paint(Style.YELLOW, leak)));
    }

    /** A view that says how long a base model of this machine will train; of models elsewhere it says nothing. */
    static RunView of(Screen screen, Recipe recipe, List<Path> modelFolders) {
        Optional<Path> directory = recipe.provider() == Provider.ATTUNE
                ? BaseModels.find(recipe.base(), modelFolders)
                : Optional.empty();
        double share = 1 - recipe.data().split().validation() - recipe.data().split().test();
        return new RunView(screen, report -> directory.map(found -> ReportView.sentence(
                LocalModel.estimate(recipe.base(), found, report.tokens(), share, recipe.tune().epochs()))).stream()
                .toList());
    }

    private void answered(RunEvent.Answered e) {
        String numbers = Words.count(e.done()) + "/" + Words.count(e.total()) + " answers  "
                + screen.paint(Style.DIM, e.model());
        screen.update("  " + Bar.draw(screen, (double) e.done() / Math.max(1, e.total()), 40) + " " + numbers);
    }

    private void scores(List<PairedComparison> scores) {
        var table = new TextTable("score", ">base", "95 % interval", ">tuned", "95 % interval", ">difference",
                "95 % interval", "paired");
        for (PairedComparison score : scores) {
            boolean better = score.difference().low() > 0;
            table.row(score.scorer(), Words.percent(score.base().estimate()), range(score.base()),
                    screen.paint(better ? Style.GREEN : Style.YELLOW, Words.percent(score.tuned().estimate())),
                    range(score.tuned()),
                    String.format(Locale.ROOT, "%+.1f", 100 * score.difference().estimate()), range(score.difference()),
                    Words.pValue(score.pValue()));
        }
        table.print(screen);
        screen.line("  " + verdict(scores.getFirst()));
    }

    /** What the first score says, in a sentence that neither hides a failure nor a small test. */
    private String verdict(PairedComparison score) {
        String rows = Words.count(score.n(), "held-out row");
        if (score.difference().low() > 0) {
            return screen.paint(Style.GREEN,
                    "On " + rows + " the tuned model is better than the base: " + score.wins() + " won, "
                            + score.losses() + " lost.");
        }
        if (score.difference().high() < 0) {
            return screen.paint(Style.RED,
                    "On " + rows + " the tuned model is worse than the base: " + score.wins() + " won, "
                            + score.losses() + " lost.");
        }
        return screen.paint(Style.YELLOW,
                rows + " do not show a difference between base and tuned model: " + score.wins() + " won, "
                        + score.losses() + " lost.");
    }

    private static String range(Interval interval) {
        return String.format(Locale.ROOT, "%.1f to %.1f", 100 * interval.low(), 100 * interval.high());
    }

    private void sideBySide(Comparison row) {
        int width = screen.width() - 4;
        int column = (width - 3) / 2;
        List<String> question = TextTable.wrap(Words.oneLine(row.question()), width - 2);
        for (int i = 0; i < Math.min(3, question.size()); i++) {
            screen.line("  " + screen.paint(Style.CYAN, (i == 0 ? "› " : "  ") + question.get(i)));
        }
        screen.line("    " + screen.paint(Style.DIM, "expected ") + Words.oneLine(row.expected()));
        List<String> left = answer(row.base(), column);
        List<String> right = answer(row.tuned(), column);
        boolean tunedRight = row.tuned().strip().equals(row.expected().strip());
        screen.line("    " + screen.paint(Style.DIM, pad("base", column) + " │ tuned"));
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            String tuned = i < right.size() ? right.get(i) : "";
            screen.line("    " + pad(i < left.size() ? left.get(i) : "", column) + screen.paint(Style.DIM, " │ ")
                    + screen.paint(tunedRight ? Style.GREEN : Style.YELLOW, tuned));
        }
        screen.line();
    }

    private static List<String> answer(String text, int columns) {
        var lines = new ArrayList<>(TextTable.wrap(Words.oneLine(text.strip()), columns));
        if (lines.size() > MOST_ANSWER_LINES) {
            lines.subList(MOST_ANSWER_LINES, lines.size()).clear();
            lines.set(MOST_ANSWER_LINES - 1, Screen.cut(lines.getLast(), columns - 1) + "…");
        }
        return lines;
    }

    private static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - Screen.columns(text)));
    }

    private String number(RunStep step) {
        return screen.paint(Style.CYAN, (step.ordinal() + 1) + "/" + RunStep.values().length + " ");
    }

    private static String title(RunStep step) {
        return switch (step) {
            case CHECK -> "Check the data";
            case SPLIT -> "Split it";
            case UPLOAD -> "Upload";
            case TUNE -> "Tune";
            case EVALUATE -> "Ask base and tuned model the held-out questions";
            case REPORT -> "Report";
        };
    }
}
