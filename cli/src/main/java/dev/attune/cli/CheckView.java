package dev.attune.cli;

import dev.attune.dataset.Severity;
import dev.attune.dataset.quality.Repair;
import dev.attune.dataset.report.CheckEntry;
import dev.attune.dataset.report.CheckReport;
import dev.attune.dataset.report.EvalReport;
import dev.attune.dataset.report.FileReport;
import dev.attune.dataset.report.FindingGroup;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a check looks in the terminal: for each file the figures and then what is wrong; what can be done last. */
final class CheckView {
    private final Screen screen;
    private final ReportView view;

    CheckView(Screen screen) {
        this.screen = screen;
        this.view = new ReportView(screen);
    }

    /** @param repaired whether this is what a repair has left, so that another would do nothing */
    void print(CheckReport report, boolean repaired) {
        for (FileReport file : report.files()) {
            screen.line(screen.paint(Style.BOLD, file.file()) + " for " + report.target()
                    + (file.format().isEmpty() ? "" : screen.paint(Style.DIM, "  " + file.format())));
            view.print(file, report.checked());
        }
        for (EvalReport set : report.evalSets()) {
            screen.line(screen.paint(Style.BOLD, set.file()) + ": " + Words.count(set.items(), "question") + ", "
                    + Words.count(set.contaminated()) + " in the training data");
            view.groups(set.findings());
        }
        if (report.files().size() + report.evalSets().size() > 1) {
            screen.line("In all " + view.summary(report.count(Severity.ERROR), report.count(Severity.WARNING),
                    report.count(Severity.ADVICE)));
        }
        if (report.isNarrowed()) {
            screen.line("  " + screen.paint(Style.DIM, "looked at: " + report.checked().stream()
                    .map(group -> group.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "))
                    + "; without --only everything is"));
        }
        next(report, repaired);
    }

    private void next(CheckReport report, boolean repaired) {
        List<String> mended = report.findings().filter(group -> group.entry().repair() == Repair.SAFE)
                .map(FindingGroup::code).distinct().toList();
        if (!mended.isEmpty() && !repaired) {
            screen.line("  " + screen.paint(Style.DIM, "--fix OUT mends " + String.join(", ", mended)));
        }
        if (report.findings().anyMatch(group -> group.entry().repair() == Repair.ON_REQUEST)) {
            screen.line("  " + screen.paint(Style.DIM,
                    "attune prepare … --mask-pii masks personal data and secrets"));
        }
        if (report.findings().anyMatch(group -> group.code().equals("contradiction"))) {
            screen.line("  " + screen.paint(Style.DIM,
                    "attune prepare … --settle-contradictions keeps the commonest answer to each question; use it on the file before --fix, while repeated rows still count"));
        }
        report.findings().findFirst().ifPresent(group -> screen.line("  " + screen.paint(Style.DIM,
                "what a code means: attune check --explain " + group.code())));
    }

    void explain(CheckEntry entry) {
        screen.line(screen.paint(Style.BOLD, entry.code()) + "  " + entry.severity());
        screen.line("  " + entry.title().substring(0, 1).toUpperCase(Locale.ROOT) + entry.title().substring(1) + ".");
        TextTable.wrap(entry.explanation(), screen.width() - 2).forEach(line -> screen.line("  " + line));
        String repair = switch (entry.repair()) {
            case SAFE -> "attune check FILE --fix OUT mends it.";
            case ON_REQUEST -> "attune prepare IN --out DIR --mask-pii mends it.";
            case NONE -> "A person has to mend it.";
        };
        screen.line("  " + repair);
    }
}
