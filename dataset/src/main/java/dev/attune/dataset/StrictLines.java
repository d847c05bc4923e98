package dev.attune.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The JSON objects of a strict JSON Lines file, in constant memory but for one line, and everything that keeps a line from
 * being one. What an object must hold is for a {@link Taker} to say. Not thread-safe.
 */
final class StrictLines {
    private static final int MAGIC_BYTES = 4;

    private final String name;
    private final Consumer<Problem> problems;
    private final Taker taker;
    private int examples;
    private int blank;
    private int firstBlank;

    /**
     * @param examplesBefore how many examples of the file were read elsewhere; only at the first is a foreign file told by
     */
    StrictLines(String name, Consumer<Problem> problems, Taker taker, int examplesBefore) {
        this.name = name;
        this.problems = problems;
        this.taker = taker;
        this.examples = examplesBefore;
    }

    /** What takes the objects. */
    interface Taker {
        /**
         * One line's object.
         *
         * @param findings what is wrong with the line goes here; it has the faults of the JSON text already
         */
        void take(int line, String json, Map<String, Object> object, Findings findings);
    }

    /**
     * Reads a file. One that is missing, a directory, or unreadable is a problem, not an exception.
     *
     * @return how many examples the file has, faulty ones included
     */
    static int read(Path file, FilePart part, Consumer<Problem> problems, Taker taker) {
        int[] examples = new int[1];
        open(file, problems, in -> examples[0] = read(in, file.toString(), part, problems, taker));
        return examples[0];
    }

    /** What is done with an open file. */
    interface Reading {
        void read(InputStream in) throws IOException;
    }

    /** Opens a file, has it read and closes it. One that cannot be read is a problem, not an exception. */
    static void open(Path file, Consumer<Problem> problems, Reading reading) {
        if (Files.isDirectory(file)) {
            problems.accept(Problem.ofFile("is_directory", Severity.ERROR,
                    file + " is a directory; name the JSONL file in it"));
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            reading.read(in);
        } catch (NoSuchFileException e) {
            problems.accept(Problem.ofFile("file_not_found", Severity.ERROR,
                    file + " does not exist; check the path (relative to " + Path.of("").toAbsolutePath() + ")"));
        } catch (AccessDeniedException e) {
            problems.accept(Problem.ofFile("file_unreadable", Severity.ERROR,
                    file + " may not be read by this user; change its permissions"));
        } catch (IOException e) {
            problems.accept(Problem.ofFile("file_unreadable", Severity.ERROR,
                    file + " cannot be read: " + e.getMessage()));
        }
    }

    /** Reads a stream to its end; the caller closes it. */
    static int read(InputStream in, String name, FilePart part, Consumer<Problem> problems, Taker taker)
            throws IOException {
        var buffered = in.markSupported() ? in : new BufferedInputStream(in, 1 << 16);
        if (isForeign(buffered, name, problems)) {
            return 0;
        }
        var reader = new StrictLines(name, problems, taker, 0);
        reader.lines(new LineReader(buffered), part);
        return reader.examples;
    }

    /** Whether a stream that can be marked begins as no text in UTF-8 does, which is then said; it stands where it stood. */
    static boolean isForeign(InputStream in, String name, Consumer<Problem> problems) throws IOException {
        in.mark(MAGIC_BYTES);
        byte[] magic = in.readNBytes(MAGIC_BYTES);
        in.reset();
        Problem foreign = ForeignFile.recognise(name, magic);
        if (foreign != null) {
            problems.accept(foreign);
        }
        return foreign != null;
    }

    private void lines(LineReader lines, FilePart part) throws IOException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (lines.tooLong()) {
                tooLong(lines.number());
            } else if (!line(lines.number(), line)) {
                return;
            }
        }
        blank(blank, firstBlank, problems);
        enough(name, examples, part, problems);
    }

    /** Takes note of a line that is too long to be read. */
    void tooLong(int number) {
        examples++;
        problems.accept(new Problem("line_too_long", Severity.ERROR, number, "",
                "the line is longer than " + (LineReader.MAXIMUM_LINE_BYTES >> 20) + " MiB", ""));
    }

    /** Takes note of an example that was read elsewhere. */
    void seen() {
        examples++;
    }

    int examples() {
        return examples;
    }

    int blankLines() {
        return blank;
    }

    int firstBlankLine() {
        return firstBlank;
    }

    /** Says how many lines of a file are empty. */
    static void blank(int lines, int first, Consumer<Problem> problems) {
        if (lines > 0) {
            problems.accept(new Problem("blank_line", Severity.WARNING, first, "",
                    lines == 1
                            ? "the line is empty and is skipped"
                            : lines + " lines are empty and are skipped, this one first",
                    ""));
        }
    }

    /** Says whether a file has too few examples for what it is for. */
    static void enough(String name, int examples, FilePart part, Consumer<Problem> problems) {
        if (examples == 0) {
            problems.accept(Problem.ofFile("empty_file", Severity.ERROR,
                    name + " is empty; write one JSON object per line, {\"messages\": [...]}"));
        } else if (examples < part.minimumExamples()) {
            problems.accept(Problem.ofFile("invalid_n_examples", Severity.ERROR, part.title() + " has " + examples
                    + " example(s), but must have at least " + part.minimumExamples() + " examples"));
        }
    }

    /** Reads one line; false where it shows that the file is of another kind, so that going on makes no sense. */
    boolean line(int number, byte[] bytes) {
        var decoded = StrictUtf8.decode(bytes);
        if (decoded.text().isBlank()) {
            blank++;
            firstBlank = firstBlank == 0 ? number : firstBlank;
            return true;
        }
        examples++;
        var row = StrictRow.of(number, decoded, bytes);
        if (examples == 1 && decoded.faultAt() < 0) {
            Problem foreign = ForeignFile.recognise(name, decoded.text(), row.parsed());
            if (foreign != null) {
                problems.accept(foreign);
                return false;
            }
        }
        Map<String, Object> object = row.object();
        if (object != null) {
            taker.take(number, row.text(), object, row.findings());
        }
        row.findings().problems().forEach(problems);
        return true;
    }
}
