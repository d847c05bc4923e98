package dev.attune.dataset.format;

import dev.attune.dataset.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has become of the rows so far; its size does not grow with the file. Not thread-safe. */
final class Ledger {
    /** A file whose keys are data would have no end of them. */
    private static final int MOST_ENTRIES = 500;
    private static final String REST = "more keys";

    private final Map<Trace.Step, int[]> mapped = new LinkedHashMap<>();
    private final Map<Trace.Step, int[]> dropped = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int errors;
    private int rowsRead;
    private int rowsWritten;

    void read() {
        rowsRead++;
    }

    /** A row got through. */
    void commit(Trace trace, int rows) {
        rowsWritten += rows;
        for (Trace.Step step : trace.steps()) {
            Map<Trace.Step, int[]> entries = step.dropped() ? dropped : mapped;
            Trace.Step key = entries.size() < MOST_ENTRIES || entries.containsKey(step)
                    ? step
                    : new Trace.Step(step.dropped(), REST, "not named one by one");
            entries.computeIfAbsent(key, k -> new int[]{0, trace.line()})[0]++;
        }
    }

    void problem(Problem problem) {
        errors += problem.isError() ? 1 : 0;
        if (problems.size() < ConversionReport.MOST_PROBLEMS || problem.isError() && errors == 1) {
            problems.add(problem);
        }
    }

    int errors() {
        return errors;
    }

    ConversionReport report(Detected source, TargetFormat target, boolean written) {
        return new ConversionReport(source, target, rowsRead, written ? rowsWritten : 0,
                mapped.entrySet()
                        .stream()
                        .map(entry -> new ConversionReport.Mapped(entry.getKey().from(), entry.getKey().to(),
                                entry.getValue()[0]))
                        .toList(),
                dropped.entrySet()
                        .stream()
                        .map(entry -> new ConversionReport.Dropped(entry.getKey().from(), entry.getValue()[0],
                                entry.getValue()[1], entry.getKey().to()))
                        .toList(),
                problems, errors);
    }
}
