package dev.attune.cli;

import dev.attune.dataset.prepare.PrepareReport;
import java.nio.file.Path;

/** How a preparation looks in the terminal: where each file came from, what was changed, what was written. */
final class PrepareView {
    private static final int SHOWN = 5;

    private final Screen screen;

    PrepareView(Screen screen) {
        this.screen = screen;
    }

    void print(PrepareReport report, Path out) {
        var conversions = new RepairView(screen);
        report.conversions().forEach(conversion -> {
            screen.line(screen.paint(Style.BOLD, conversion.source().file().toString()));
            conversions.conversion(conversion);
        });
        if (!report.rewritten().isEmpty()) {
            screen.line("HTML written as words: " + Words.count(report.rewritten().size(), "row"));
        }
        screen.line("Repaired: " + Words.count(report.fixed().changedLines(), "row") + " changed, "
                + Words.count(report.fixed().removedLines()) + " removed");
        report.fixed().changes()
                .forEach((code, count) -> screen.line("  " + code.replace('_', ' ') + " × " + Words.count(count)));
        if (!report.leftOut().isEmpty()) {
            screen.line(screen.paint(Style.YELLOW, "Left out: " + Words.count(report.leftOut().size(), "problem")));
            report.leftOut().stream().limit(SHOWN).forEach(problem -> screen.line("  " + problem));
        }
        report.split().ifPresent(split -> {
            split.notes().forEach(note -> screen.line("  " + screen.paint(Style.YELLOW, note)));
            screen.line("  " + split.detectable().sentence());
        });
        report.parts().forEach(part -> screen.line(screen.paint(Style.GREEN, "✔ ") + Folders.shown(part.file()) + "  "
                + Words.count(part.rows(), "row")));
        screen.line("  " + screen.paint(Style.DIM, "everything mapped, dropped and changed is in "
                + Folders.shown(out.resolve("report.txt")) + ", report.json and changes.jsonl beside it"));
    }
}
