package dev.attune.dataset.prepare;

import dev.attune.dataset.Problem;
import dev.attune.dataset.SplitReport;
import dev.attune.dataset.format.ConversionReport;
import dev.attune.dataset.quality.FixReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of files that were prepared: everything mapped, dropped, changed and left out. Immutable.
 *
 * @param conversions what became of each input
 * @param rewritten rows that were HTML and are now words, by their lines in all rows put together
 * @param fixed what was changed in the rows, and the log of it
 * @param leftOut problems of rows that are in no part, by their lines in all rows put together
 * @param split how the rows were split; empty where they were not
 * @param parts the files that were written
 */
public record PrepareReport(List<ConversionReport> conversions, List<Problem> rewritten, FixReport fixed,
        List<Problem> leftOut,
        Optional<SplitReport> split, List<Part> parts) {
    /** A file that was written. */
    public record Part(Path file, int rows) {}

    public PrepareReport {
        conversions = List.copyOf(conversions);
        rewritten = List.copyOf(rewritten);
        leftOut = List.copyOf(leftOut);
        parts = List.copyOf(parts);
    }

    /** The report as lines of text. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        for (ConversionReport conversion : conversions) {
            lines.add(conversion.source().file() + ": " + conversion.source().format().title() + ", "
                    + conversion.source().container().title());
            conversion.lines().forEach(line -> lines.add("  " + line));
            conversion.problems().forEach(problem -> lines.add("  " + problem));
        }
        if (!rewritten.isEmpty()) {
            lines.add("Written as words, because it was HTML: line(s) " + String.join(", ",
                    rewritten.stream().map(problem -> String.valueOf(problem.line())).toList()));
        }
        lines.add("Changed: %,d line(s), %,d removed; every change is in %s".formatted(fixed.changedLines(),
                fixed.removedLines(), fixed.log().getFileName()));
        fixed.changes().forEach((code, count) -> lines.add("  %s × %,d".formatted(code, count)));
        if (!leftOut.isEmpty()) {
            lines.add("Left out, by their lines in all rows put together:");
            leftOut.forEach(problem -> lines.add("  " + problem));
        }
        split.ifPresent(report -> {
            lines.add("Split:");
            report.notes().forEach(note -> lines.add("  " + note));
            lines.add("  " + report.together().size() + " group(s) of rows stayed together");
            lines.add("  " + report.detectable().sentence());
        });
        lines.add("Written:");
        parts.forEach(part -> lines.add("  %s: %,d row(s)".formatted(part.file().getFileName(), part.rows())));
        return lines;
    }
}
