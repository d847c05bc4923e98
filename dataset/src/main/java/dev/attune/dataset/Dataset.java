package dev.attune.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one file, held in memory, and everything that is wrong with it. {@link DatasetReader} reads files that are
 * too large for that. Immutable.
 *
 * @param rows the rows that can be trained on, in the file's order; a line with an error is not among them
 * @param problems all problems of the file and its lines, in the file's order
 */
public record Dataset(Path source, List<Row> rows, List<Problem> problems) {
    public Dataset {
        rows = List.copyOf(rows);
        problems = List.copyOf(problems);
    }

    /** Reads a training file. A file that cannot be read is a problem, not an exception. */
    public static Dataset read(Path file) {
        return read(file, FilePart.TRAINING);
    }

    /** Reads a file; {@code part} says how many rows it must have. */
    public static Dataset read(Path file, FilePart part) {
        return read(file, part, RowRules.ATTUNE);
    }

    /** Reads a file by the rules of the place where it is to be trained. */
    public static Dataset read(Path file, FilePart part, RowRules rules) {
        var collected = new Collected();
        DatasetReader.read(file, part, rules, collected);
        return new Dataset(file, collected.rows, collected.problems);
    }

    /** Reads rows that another format holds; {@code part} says how many there must be. */
    public static Dataset read(RowSource source, FilePart part) {
        return read(source, part, RowRules.ATTUNE);
    }

    /** Reads rows that another format holds, by the rules of the place where they are to be trained. */
    public static Dataset read(RowSource source, FilePart part, RowRules rules) {
        var collected = new Collected();
        DatasetReader.read(source, part, rules, collected);
        return new Dataset(Path.of(source.name()), collected.rows, collected.problems);
    }

    /** Reads a training file's bytes. */
    public static Dataset parse(Path nameForMessages, byte[] content) {
        return parse(nameForMessages, content, FilePart.TRAINING);
    }

    /** Reads a file's bytes; {@code part} says how many rows there must be. */
    public static Dataset parse(Path nameForMessages, byte[] content, FilePart part) {
        var collected = new Collected();
        try {
            DatasetReader.read(new ByteArrayInputStream(content), nameForMessages.toString(), part, collected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Dataset(nameForMessages, collected.rows, collected.problems);
    }

    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    private static final class Collected implements DatasetReader.Listener {
        final List<Row> rows = new ArrayList<>();
        final List<Problem> problems = new ArrayList<>();

        @Override
        public void row(Row row) {
            rows.add(row);
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }
    }
}
