package dev.attune.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads chat rows one by one in constant memory, and says everything that is wrong: from strict JSON Lines, as OpenAI takes
 * them, or from a {@link RowSource} that reads another format. A leading byte order mark, CRLF and a missing last line end
 * are fine. Nothing in a file makes it throw.
 */
public final class DatasetReader {
    private final RowRules accepted;
    private final Listener listener;

    private DatasetReader(RowRules accepted, Listener listener) {
        this.accepted = accepted;
        this.listener = listener;
    }

    /** What is told about a file while it is read. */
    public interface Listener {
        /** A row that can be trained on, if only once a key is gone that its place does not take. */
        void row(Row row);

        /** Something wrong. */
        void problem(Problem problem);
    }

    /** What turns a line's object into a row, or says what is wrong with it. */
    static StrictLines.Taker rules(RowRules accepted, Listener listener) {
        return new DatasetReader(accepted, listener)::rules;
    }

    /**
     * Reads a training file. One that is missing, a directory, or unreadable is a problem, not an exception.
     *
     * @return how many examples the file has, faulty ones included
     */
    public static int read(Path file, FilePart part, Listener listener) {
        return read(file, part, RowRules.ATTUNE, listener);
    }

    /**
     * Reads a file by the rules of the place where it is to be trained.
     *
     * @return how many examples the file has, faulty ones included
     */
    public static int read(Path file, FilePart part, RowRules accepted, Listener listener) {
        return StrictLines.read(file, part, listener::problem, rules(accepted, listener));
    }

    /**
     * Reads a training file's stream to its end; the caller closes it.
     *
     * @param name how messages name the file
     * @return how many examples the file has, faulty ones included
     */
    public static int read(InputStream in, String name, FilePart part, Listener listener) throws IOException {
        return StrictLines.read(in, name, part, listener::problem, rules(RowRules.ATTUNE, listener));
    }

    /**
     * Reads rows that another format holds. A source that cannot be read is a problem, not an exception.
     *
     * @return how many examples the source gave that could be turned into a chat row, faulty ones included
     */
    public static int read(RowSource source, FilePart part, Listener listener) {
        return read(source, part, RowRules.ATTUNE, listener);
    }

    /**
     * Reads rows that another format holds, by the rules of the place where they are to be trained.
     *
     * @return how many examples the source gave that could be turned into a chat row, faulty ones included
     */
    public static int read(RowSource source, FilePart part, RowRules accepted, Listener listener) {
        var sink = new SourceRows(accepted, listener);
        try {
            source.read(sink);
            if (sink.examples > 0 || !sink.hasProblems) {
                StrictLines.enough(source.name(), sink.examples, part, listener::problem);
            }
        } catch (DatasetException e) {
            listener.problem(Problem.ofFile("file_unreadable", Severity.ERROR, String.valueOf(e.getMessage())));
        }
        return sink.examples;
    }

    /**
     * Reads one line of a file, as if the file were read.
     *
     * @param number the line's number, the first is 1
     */
    public static void line(int number, String text, Listener listener) {
        line(number, text, RowRules.ATTUNE, listener);
    }

    /** Reads one line of a file by the rules of the place where it is to be trained, as if the file were read. */
    public static void line(int number, String text, RowRules accepted, Listener listener) {
        var row = StrictRow.of(number, new StrictUtf8.Decoded(text, -1), new byte[0]);
        Map<String, Object> object = row.object();
        if (object != null) {
            new DatasetReader(accepted, listener).rules(number, text, object, row.findings());
        }
        row.findings().problems().forEach(listener::problem);
    }

    private void rules(int line, String text, Map<String, Object> given, Findings findings) {
        boolean faultless = !findings.hasErrors();
        Map<String, Object> object = accepted.promptRows() ? RowFormat.promptAsChat(given) : given;
        RowFormat format = RowFormat.of(object);
        if (format != RowFormat.CHAT) {
            findings.error("unexpected_format", "", format.advice(), object);
            return;
        }
        var ruled = new Findings(line);
        ConversationReader.read(object, accepted, ruled).ifPresent(conversation -> {
            RowCheck.SUPERVISED.forEach(check -> check.check(conversation, ruled));
            if (!ruled.isUnreadable() && faultless) {
                listener.row(new Row(line, conversation, object, text));
            }
        });
        findings.addAll(ruled);
    }

    /** The rows of a source, each written as the line that it would be in a training file. */
    private static final class SourceRows implements RowSource.Sink {
        private final Listener listener;
        private final DatasetReader reader;
        private int examples;
        private boolean hasProblems;

        SourceRows(RowRules accepted, Listener listener) {
            this.listener = listener;
            this.reader = new DatasetReader(accepted, listener);
        }

        @Override
        public void row(int line, Map<String, Object> row) {
            examples++;
            var findings = new Findings(line);
            reader.rules(line, JsonText.of(row), row, findings);
            findings.problems().forEach(listener::problem);
        }

        @Override
        public void problem(Problem problem) {
            hasProblems = true;
            listener.problem(problem);
        }
    }
}
