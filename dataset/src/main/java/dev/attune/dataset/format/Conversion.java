package dev.attune.dataset.format;

import dev.attune.dataset.Problem;
import dev.attune.dataset.ShellWord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One file on its way, row by row. Not thread-safe. */
final class Conversion {
    private final Detected source;
    private final ExampleReader reader;
    private final ExampleWriter writer;
    private final TargetFormat target;
    private final Turns turns;
    private final Set<String> kept;
    private final Ledger ledger = new Ledger();

    Conversion(Detected source, TargetFormat target, Turns turns, Set<String> kept) {
        this.source = source;
        this.target = target;
        this.reader = ExampleReader.of(source);
        this.writer = ExampleWriter.of(target);
        this.turns = turns;
        this.kept = kept;
    }

    /** What takes the rows that come out. */
    interface Output {
        void row(int line, Map<String, Object> row) throws IOException;
    }

    /** Reads the file to its end. Problems are told as they are found, and are in the ledger too. */
    Ledger run(Output output, Consumer<Problem> problems) throws IOException {
        try (RecordReader records = RecordReader.open(source.file(), source.container())) {
            for (SourceRow row = records.next(); row != null; row = records.next()) {
                ledger.read();
                row.problems().forEach(problem -> tell(problem, problems));
                Map<String, Object> object = row.object();
                if (object != null && !row.isFaulty()) {
                    convert(row, object, output, problems);
                }
            }
            records.fileProblems().forEach(problem -> tell(problem, problems));
        }
        return ledger;
    }

    private void tell(Problem problem, Consumer<Problem> problems) {
        ledger.problem(problem);
        problems.accept(problem);
    }

    private void convert(SourceRow read, Map<String, Object> object, Output output, Consumer<Problem> problems)
            throws IOException {
        var trace = new Trace(read.line(), read.at());
        List<Map<String, Object>> rows = rows(object, trace);
        if (rows == null || trace.failed()) {
            trace.problems().forEach(problem -> tell(problem, problems));
            return;
        }
        ledger.commit(trace, rows.size());
        for (Map<String, Object> row : rows) {
            output.row(read.line(), row);
        }
    }

    private @Nullable List<Map<String, Object>> rows(Map<String, Object> object, Trace trace) {
        Example example = RowShape.check(object, source.format(), trace) ? reader.read(object, trace) : null;
        if (example == null) {
            return null;
        }
        Map<String, Object> extra = extra(object, trace);
        var rows = new ArrayList<Map<String, Object>>();
        for (Example one : AnswerRows.of(example, turns, trace)) {
            Map<String, Object> row = writer.write(one, trace);
            if (row == null) {
                return null;
            }
            rows.add(with(row, extra, trace));
        }
        return rows;
    }

    /** The keys that the reader left: kept, or named as left out. */
    private Map<String, Object> extra(Map<String, Object> object, Trace trace) {
        var extra = new LinkedHashMap<String, Object>();
        object.forEach((key, value) -> {
            if (kept.contains(key)) {
                extra.put(key, value);
            } else if (!trace.isUsed(key)) {
                trace.dropped(source.container() instanceof Container.Table ? "column '" + key + "'" : key,
                        "a row of " + target.title() + " does not know it; attune prepare --keep "
                                + ShellWord.of(key) + " keeps it");
            }
        });
        return extra;
    }

    private static Map<String, Object> with(Map<String, Object> row, Map<String, Object> extra, Trace trace) {
        extra.forEach((key, value) -> {
            if (row.containsKey(key) && !Objects.equals(value, row.get(key))) {
                trace.error("kept_key_taken", Trace.pointer("", key),
                        "'" + key + "' cannot be kept, because the row that is written has a key of that name", value);
            } else {
                row.put(key, value);
            }
        });
        return row;
    }
}
