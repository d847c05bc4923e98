package dev.attune.dataset;

import java.util.List;
import java.util.stream.Stream;

/**
 * The figures of the rows of a file that can be trained on. Immutable.
 *
 * @param tokens the tokens of the rows as the model counts them
 * @param messages messages of a row
 * @param repetitions duplicates and contradictions
 * @param labels how often each label stands, where answers are labels or have fields that are
 */
public record DataFigures(int rows, TokenStatistics tokens, Distribution messages, Repetitions repetitions,
        List<LabelBalance> labels) {
    public DataFigures {
        labels = List.copyOf(labels);
    }

    /** Those of a dataset that is held in memory. */
    public static DataFigures of(DatasetReport report) {
        var repetitions = new Repetitions(report.source(), FilePart.TRAINING, report.rows(),
                report.duplicates().exactSurplus(), report.duplicates().nearSurplus(), report.contradictions().rows(),
                report.contradictions().answers(), report.contradictions().accuracyCeiling(), 0);
        return new DataFigures(report.rows(), report.tokens(), report.messages(), repetitions, report.labels());
    }

    /** Counts messages, labels and instructions row by row, in memory that does not grow with the rows. Not thread-safe. */
    public static final class Tally {
        private final ValueCounts messages = new ValueCounts();
        private final LabelTally labels = new LabelTally();
        private final SystemPrompts.Tally systemPrompts = new SystemPrompts.Tally();
        private final boolean balance;
        private int rows;

        /** A tally of everything. */
        public Tally() {
            this(true);
        }

        /** @param balance whether labels and instructions are counted too */
        public Tally(boolean balance) {
            this.balance = balance;
        }

        /** Counts a row of so many messages, of which nothing else is counted. */
        public void add(int messagesOfRow) {
            rows++;
            messages.add(messagesOfRow);
        }

        /** Counts a row. */
        public void add(Row row) {
            look(row).run();
        }

        /**
         * Looks at a row, on any thread.
         *
         * @return what counts it; run one after the other, in the order of the rows
         */
        public Runnable look(Row row) {
            int size = row.conversation().messages().size();
            if (!balance) {
                return () -> add(size);
            }
            Runnable labelled = labels.look(row);
            return () -> {
                add(size);
                labelled.run();
                systemPrompts.add(row);
            };
        }

        /** The figures of all rows added, with what was counted elsewhere. */
        public DataFigures finish(TokenStatistics tokens, Repetitions repetitions) {
            return new DataFigures(rows, tokens, messages.distribution(), repetitions, labels.labels());
        }

        /** What labels and instructions show to be wrong. */
        public List<Problem> problems() {
            return !balance
                    ? List.of()
                    : Stream.concat(
                            labels.labels().stream().flatMap(label -> label.problems().stream()),
                            systemPrompts.finish().problems().stream()).toList();
        }
    }
}
