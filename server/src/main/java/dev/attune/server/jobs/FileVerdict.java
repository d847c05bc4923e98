package dev.attune.server.jobs;

import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.ExampleLength;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.PreferenceReader;
import dev.attune.dataset.PreferenceRow;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.Severity;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.quality.QualityAudit;
import dev.attune.server.files.StoredFile;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.MaskedTokens;
import dev.attune.text.TextException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came out of checking all lines of a file for a job: how much there is to train, and every problem, not only the
 * first.
 *
 * @param rows rows that can be trained on
 * @param tokens tokens in them
 * @param problems all of them, up to {@value #MOST_PROBLEMS}: the lines' in the file's order, then what all rows together
 *            show
 * @param errors how many of all problems are errors
 */
record FileVerdict(StoredFile file, FilePart part, int rows, long tokens, List<Problem> problems, int errors) {
    private static final int MOST_PROBLEMS = 100;

    /**
     * Reads a file row by row; memory does not grow with it.
     *
     * @param limit tokens that an example may have
     * @param madeToFit whether the trainer makes longer ones fit, instead of refusing them
     */
    static FileVerdict of(StoredFile file, Path content, FilePart part, ChatEncoder encoder, int limit,
            boolean madeToFit) throws IOException {
        var counting = new Counting(encoder, limit, madeToFit);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(content), 1 << 16)) {
            DatasetReader.read(in, file.filename(), part, counting);
        }
        counting.audit.end().problems().forEach(counting::problem);
        return new FileVerdict(file, part, counting.rows, counting.tokens, counting.problems, counting.errors);
    }

    /** Reads a file of pairs of answers, each of which must fit the model. */
    static FileVerdict ofPairs(StoredFile file, Path content, FilePart part, ChatEncoder encoder, int limit,
            boolean madeToFit) throws IOException {
        var counting = new Counting(encoder, limit, madeToFit);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(content), 1 << 16)) {
            PreferenceReader.read(in, file.filename(), part, counting.pairs());
        }
        return new FileVerdict(file, part, counting.rows, counting.tokens, List.copyOf(counting.problems),
                counting.errors);
    }

    boolean isUsable() {
        return errors == 0;
    }

    /** What the job failed of. */
    JobWire.JobError error() {
        Problem first = problems.stream().filter(Problem::isError).findFirst().orElseThrow();
        String kind = part == FilePart.TRAINING ? "training" : "validation";
        String code = first.code().equals("invalid_n_examples") ? first.code() : "invalid_" + kind + "_file";
        String what = first.code().equals("invalid_n_examples")
                ? first.message()
                : "The job failed due to an invalid " + kind + " file. " + sentence(first);
        String more = errors > 1 ? " There are " + (errors - 1) + " more problems; the job's events name them." : "";
        return new JobWire.JobError(code, what + more, kind + "_file");
    }

    /** The problems as events of the job. */
    List<JobEvent.Draft> events() {
        var events = new ArrayList<JobEvent.Draft>();
        for (Problem problem : problems) {
            String text = part.title() + ": " + problem;
            events.add(switch (problem.severity()) {
                case ERROR -> JobEvent.Draft.error(text);
                case WARNING -> JobEvent.Draft.warn(text);
                case ADVICE -> JobEvent.Draft.info(text);
            });
        }
        return events;
    }

    private static String sentence(Problem problem) {
        String text = problem.toString();
        String capital = text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }

    private static final class Counting implements DatasetReader.Listener {
        private final ChatEncoder encoder;
        private final int limit;
        private final boolean madeToFit;
        private final QualityAudit audit = new QualityAudit();
        private final List<Problem> problems = new ArrayList<>();
        private int rows;
        private long tokens;
        private int errors;

        Counting(ChatEncoder encoder, int limit, boolean madeToFit) {
            this.encoder = encoder;
            this.limit = limit;
            this.madeToFit = madeToFit;
        }

        @Override
        public void row(Row row) {
            audit.row(row);
            count(row.line(), List.of(row.conversation()));
        }

        private void count(int line, List<Conversation> conversations) {
            try {
                long length = 0;
                for (Conversation conversation : conversations) {
                    MaskedTokens example = encoder.example(conversation);
                    Optional<Problem> wrong = ExampleLength.problem(line,
                            new TokenCount(example.length(), example.trainedCount()), limit);
                    if (wrong.isPresent() && !(madeToFit && example.length() > limit)) {
                        problem(wrong.get());
                        return;
                    }
                    length += Math.min(example.length(), limit);
                }
                rows++;
                tokens += length;
            } catch (TextException e) {
                problem(new Problem("unencodable", Severity.ERROR, line, "", String.valueOf(e.getMessage()), ""));
            }
        }

        private PreferenceReader.Listener pairs() {
            return new PreferenceReader.Listener() {
                @Override
                public void row(PreferenceRow row) {
                    count(row.line(), List.of(row.preferredConversation(), row.nonPreferredConversation()));
                }

                @Override
                public void problem(Problem problem) {
                    Counting.this.problem(problem);
                }
            };
        }

        @Override
        public void problem(Problem problem) {
            errors += problem.isError() ? 1 : 0;
            if (problems.size() < MOST_PROBLEMS || problem.isError() && errors == 1) {
                problems.add(problem);
            }
        }
    }
}
