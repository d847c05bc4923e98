package dev.attune.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON Lines row by row in constant memory, and says everything that is wrong. A leading byte order mark, CRLF and
 * a missing last line end are fine. Nothing in a file makes it throw.
 */
public final class DatasetReader {
    private static final int MAGIC_BYTES = 4;

    private final String name;
    private final Listener listener;
    private int examples;
    private int blank;
    private int firstBlank;

    private DatasetReader(String name, Listener listener) {
        this.name = name;
        this.listener = listener;
    }

    /** What is told about a file while it is read. */
    public interface Listener {
        /** A row that can be trained on. */
        void row(Row row);

        /** Something wrong. */
        void problem(Problem problem);
    }

    /**
     * Reads a file. One that is missing, a directory, or unreadable is a problem, not an exception.
     *
     * @return how many examples the file has, faulty ones included
     */
    public static int read(Path file, FilePart part, Listener listener) {
        if (Files.isDirectory(file)) {
            listener.problem(Problem.ofFile("is_directory", Severity.ERROR,
                    file + " is a directory; name the JSONL file in it"));
            return 0;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString(), part, listener);
        } catch (NoSuchFileException e) {
            listener.problem(Problem.ofFile("file_not_found", Severity.ERROR,
                    file + " does not exist; check the path (relative to " + Path.of("").toAbsolutePath() + ")"));
        } catch (AccessDeniedException e) {
            listener.problem(Problem.ofFile("file_unreadable", Severity.ERROR,
                    file + " may not be read by this user; change its permissions"));
        } catch (IOException e) {
            listener.problem(Problem.ofFile("file_unreadable", Severity.ERROR,
                    file + " cannot be read: " + e.getMessage()));
        }
        return 0;
    }

    /**
     * Reads a stream to its end; the caller closes it.
     *
     * @param name how messages name the file
     * @return how many examples the file has, faulty ones included
     */
    public static int read(InputStream in, String name, FilePart part, Listener listener) throws IOException {
        var buffered = in.markSupported() ? in : new BufferedInputStream(in, 1 << 16);
        buffered.mark(MAGIC_BYTES);
        byte[] magic = buffered.readNBytes(MAGIC_BYTES);
        buffered.reset();
        Problem foreign = ForeignFile.recognise(name, magic);
        if (foreign != null) {
            listener.problem(foreign);
            return 0;
        }
        var reader = new DatasetReader(name, listener);
        reader.lines(new LineReader(buffered), part);
        return reader.examples;
    }

    private void lines(LineReader lines, FilePart part) throws IOException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (lines.tooLong()) {
                examples++;
                listener.problem(new Problem("line_too_long", Severity.ERROR, lines.number(), "",
                        "the line is longer than " + (LineReader.MAXIMUM_LINE_BYTES >> 20) + " MiB", ""));
            } else if (!line(lines.number(), line)) {
                return;
            }
        }
        if (blank > 0) {
            listener.problem(new Problem("blank_line", Severity.WARNING, firstBlank, "",
                    blank == 1
                            ? "the line is empty and is skipped"
                            : blank + " lines are empty and are skipped, this one first",
                    ""));
        }
        if (examples == 0) {
            listener.problem(Problem.ofFile("empty_file", Severity.ERROR,
                    name + " is empty; write one JSON object per line, {\"messages\": [...]}"));
        } else if (examples < part.minimumExamples()) {
            listener.problem(Problem.ofFile("invalid_n_examples", Severity.ERROR, part.title() + " has " + examples
                    + " example(s), but must have at least " + part.minimumExamples() + " examples"));
        }
    }

    /** Reads one line; false where it shows that the file is of another kind, so that going on makes no sense. */
    private boolean line(int number, byte[] bytes) {
        var decoded = StrictUtf8.decode(bytes);
        String text = decoded.text();
        if (text.isBlank()) {
            blank++;
            firstBlank = firstBlank == 0 ? number : firstBlank;
            return true;
        }
        examples++;
        if (decoded.faultAt() >= 0) {
            listener.problem(new Problem("invalid_utf8", Severity.ERROR, number, "",
                    "byte %d of the line (0x%02X) is not UTF-8; save the file as UTF-8".formatted(decoded.faultAt() + 1,
                            bytes[decoded.faultAt()] & 0xFF),
                    Findings.around(text, text.indexOf('\uFFFD'))));
            return true;
        }
        var parsed = StrictJson.parse(text);
        if (examples == 1) {
            Problem foreign = ForeignFile.recognise(name, text, parsed);
            if (foreign != null) {
                listener.problem(foreign);
                return false;
            }
        }
        row(number, text, parsed);
        return true;
    }

    private void row(int number, String text, StrictJson.Parsed parsed) {
        for (var fault : parsed.faults()) {
            listener.problem(new Problem(fault.code(), Severity.ERROR, number, fault.pointer(),
                    fault.code().equals("invalid_json") && fault.column() > 0
                            ? "the line is not valid JSON at column " + fault.column() + ": " + fault.message()
                            : fault.message(),
                    Findings.around(text, fault.column())));
        }
        if (!parsed.readable()) {
            return;
        }
        Map<String, Object> object = object(parsed.value());
        var findings = new Findings(number);
        if (object == null) {
            findings.error("data_type", "", "the line must be a JSON object, {\"messages\": [...]}", parsed.value());
        } else {
            rules(number, text, object, parsed.faults().isEmpty(), findings);
        }
        findings.problems().forEach(listener::problem);
    }

    private void rules(int number, String text, Map<String, Object> object, boolean faultless, Findings findings) {
        RowFormat format = RowFormat.of(object);
        if (format != RowFormat.CHAT) {
            findings.error("unexpected_format", "", format.advice(), object);
            return;
        }
        ConversationReader.read(object, findings).ifPresent(conversation -> {
            RowCheck.SUPERVISED.forEach(check -> check.check(conversation, findings));
            if (!findings.hasErrors() && faultless) {
                listener.row(new Row(number, conversation, object, text));
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> ? (Map<String, Object>) value : null;
    }
}
