package dev.attune.dataset.format;

import dev.attune.dataset.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a file's rows when they were written as another format: nothing is lost that is not named here.
 * Immutable.
 *
 * @param source what was read
 * @param target what was written
 * @param rowsRead records of the file, faulty ones included
 * @param rowsWritten rows that came out; more than were read where a conversation became several rows, and 0 where nothing
 *            was written because of an error
 * @param mapped what became what, in the order in which it was met first
 * @param dropped what was left out, in the order in which it was met first
 * @param problems what is wrong with the rows, in the file's order, and then with the file as a whole; the first
 *            {@value #MOST_PROBLEMS}
 * @param errors how many of all problems are errors
 */
public record ConversionReport(Detected source, TargetFormat target, int rowsRead, int rowsWritten,
        List<Mapped> mapped, List<Dropped> dropped, List<Problem> problems, int errors) {
    /** More problems are counted, but not kept. */
    public static final int MOST_PROBLEMS = 1000;

    public ConversionReport {
        mapped = List.copyOf(mapped);
        dropped = List.copyOf(dropped);
        problems = List.copyOf(problems);
    }

    /**
     * Something that became something else.
     *
     * @param from the place in the source: {@code conversations[].from 'human'}
     * @param to the place in the target: {@code role 'user'}
     * @param count how often
     */
    public record Mapped(String from, String to, int count) {
        @Override
        public String toString() {
            return from + " → " + to + " (" + count + ")";
        }
    }

    /**
     * Something that was left out.
     *
     * @param what the key or the column: {@code messages[].name}
     * @param count how often
     * @param firstLine line of the source where it was met first
     * @param reason why, as a clause: {@code an Alpaca row has no place for it}
     */
    public record Dropped(String what, int count, int firstLine, String reason) {
        @Override
        public String toString() {
            return what + " dropped " + (count == 1 ? "once" : count + " times, first") + " in line " + firstLine + ": "
                    + reason;
        }
    }

    /** Whether every row that was read is in what was written. */
    public boolean isComplete() {
        return errors == 0;
    }

    /** The report as lines of text, without problems. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(source.evidence());
        lines.add("%,d row(s) read, %,d written as %s".formatted(rowsRead, rowsWritten, target.title()));
        mapped.forEach(entry -> lines.add(entry.toString()));
        dropped.forEach(entry -> lines.add(entry.toString()));
        return lines;
    }
}
