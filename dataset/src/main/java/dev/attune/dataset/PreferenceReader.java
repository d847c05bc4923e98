package dev.attune.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads preference rows one by one in constant memory from strict JSON Lines, as OpenAI takes them for direct preference
 * optimization, and says everything that is wrong. Nothing in a file makes it throw.
 */
public final class PreferenceReader {
    private PreferenceReader() {}

    /** What is told about a file while it is read. */
    public interface Listener {
        /** A row that can be trained on. */
        void row(PreferenceRow row);

        /** Something wrong. */
        void problem(Problem problem);
    }

    /**
     * Reads a file. One that is missing, a directory, or unreadable is a problem, not an exception.
     *
     * @return how many examples the file has, faulty ones included
     */
    public static int read(Path file, FilePart part, Listener listener) {
        return StrictLines.read(file, part, listener::problem,
                (line, json, object, findings) -> row(line, json, object, findings, listener));
    }

    /**
     * Reads a stream to its end; the caller closes it.
     *
     * @param name how messages name the file
     * @return how many examples the file has, faulty ones included
     */
    public static int read(InputStream in, String name, FilePart part, Listener listener) throws IOException {
        return StrictLines.read(in, name, part, listener::problem,
                (line, json, object, findings) -> row(line, json, object, findings, listener));
    }

    /**
     * Reads rows that another format holds. A source that cannot be read is a problem, not an exception.
     *
     * @return how many examples the source gave that could be turned into a preference row, faulty ones included
     */
    public static int read(RowSource source, FilePart part, Listener listener) {
        var sink = new SourceRows(listener);
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

    /** The rows of a source, each written as the line that it would be in a training file. */
    private static final class SourceRows implements RowSource.Sink {
        private final Listener listener;
        private int examples;
        private boolean hasProblems;

        SourceRows(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void row(int line, Map<String, Object> row) {
            examples++;
            var findings = new Findings(line);
            PreferenceReader.row(line, JsonText.of(row), row, findings, listener);
            findings.problems().forEach(listener::problem);
        }

        @Override
        public void problem(Problem problem) {
            hasProblems = true;
            listener.problem(problem);
        }
    }

    private static void row(int line, String json, Map<String, Object> object, Findings findings, Listener listener) {
        boolean faultless = !findings.hasErrors();
        PreferenceRules.read(line, json, object, findings).ifPresent(row -> {
            if (faultless) {
                listener.row(row);
            }
        });
    }
}
