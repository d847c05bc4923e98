package dev.attune.cli;

import dev.attune.dataset.Problem;
import dev.attune.dataset.format.ConversionReport;
import dev.attune.dataset.prepare.RepairReport;
import java.util.List;

/** How a repair looks in the terminal: what was converted, what was changed and how often, and where the log lies. */
final class RepairView {
    private static final int SHOWN = 12;
    private static final int SHOWN_LEFT_OUT = 5;

    private final Screen screen;

    RepairView(Screen screen) {
        this.screen = screen;
    }

    void print(RepairReport report) {
        screen.line(screen.paint(Style.BOLD, report.fixed().output().toString()) + " written");
        report.conversion().ifPresent(this::conversion);
        report.fixed().changes()
                .forEach((code, count) -> screen.line("  " + code.replace('_', ' ') + " × " + Words.count(count)));
        if (report.fixed().changedAnything()) {
            screen.line("  " + screen.paint(Style.DIM, Words.count(report.fixed().changedLines(), "line") + " changed, "
                    + Words.count(report.fixed().removedLines()) + " removed; every change is in "
                    + report.fixed().log()));
        } else {
            screen.line("  " + screen.paint(Style.DIM, "nothing in its rows had to be changed"));
        }
    }

    /** What became of a file of another format. */
    void conversion(ConversionReport report) {
        var lines = report.lines();
        lines.stream().limit(SHOWN).forEach(line -> screen.line("  " + line));
        if (lines.size() > SHOWN) {
            screen.line("  " + screen.paint(Style.DIM, "and " + (lines.size() - SHOWN) + " more"));
        }
        List<Problem> leftOut = report.problems().stream().filter(Problem::isError).toList();
        leftOut.stream().limit(SHOWN_LEFT_OUT)
                .forEach(problem -> screen.line("  " + screen.paint(Style.YELLOW, "left out: ") + problem));
        if (leftOut.size() > SHOWN_LEFT_OUT) {
            screen.line("  " + screen.paint(Style.YELLOW, "and " + (leftOut.size() - SHOWN_LEFT_OUT) + " more"));
        }
    }
}
