package dev.attune.dataset;

import dev.attune.dataset.quality.QualityReport;
import dev.attune.text.ChatEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that can be said about a dataset before it is trained on. All parts are records, so Jackson writes it as JSON.
 * Immutable.
 *
 * @param source the file
 * @param rows rows that can be trained on
 * @param problems what is wrong: the file's problems first, then those that only all rows together show
 * @param tokens the tokens of the rows as the model counts them
 * @param messages messages of a row
 * @param labels how often each label stands, where answers are labels or have fields that are
 * @param quality what hurts training though each row is well formed, grouped; {@code problems} has one problem for each
 */
public record DatasetReport(String source, int rows, List<Problem> problems, TokenStatistics tokens,
        Distribution messages,
        Duplicates duplicates, Contradictions contradictions, List<LabelBalance> labels, SystemPrompts systemPrompts,
        QualityReport quality) {
    public DatasetReport {
        problems = List.copyOf(problems);
        labels = List.copyOf(labels);
    }

    /** Counts tokens as a local model does; the length of its context is not looked at. */
    public static DatasetReport of(Dataset dataset, ChatEncoder encoder) {
        return of(dataset, encoder, 0);
    }

    /**
     * Counts tokens as a local model does.
     *
     * @param context the most tokens that the model takes in one row; 0 where it is not known
     */
    public static DatasetReport of(Dataset dataset, ChatEncoder encoder, int context) {
        return of(dataset, TokenCounter.of(encoder), context);
    }

    /**
     * Counts tokens with any counter.
     *
     * @param context the most tokens that the model takes in one row; 0 where it is not known
     */
    public static DatasetReport of(Dataset dataset, TokenCounter counter, int context) {
        return of(dataset, counter, context, Overlong.REFUSED);
    }

    /**
     * Counts tokens with any counter.
     *
     * @param context the most tokens that the model takes in one row; 0 where it is not known
     */
    public static DatasetReport of(Dataset dataset, TokenCounter counter, int context, Overlong overlong) {
        return of(dataset, TokenStatistics.of(dataset.rows(), counter, context, overlong));
    }

    /** Takes tokens that were counted before. */
    public static DatasetReport of(Dataset dataset, TokenStatistics tokens) {
        List<Row> rows = dataset.rows();
        Duplicates duplicates = Duplicates.of(rows);
        Contradictions contradictions = Contradictions.of(rows);
        List<LabelBalance> labels = LabelBalance.of(rows);
        SystemPrompts systemPrompts = SystemPrompts.of(rows);
        var problems = new ArrayList<>(dataset.problems());
        problems.addAll(tokens.problems());
        problems.addAll(contradictions.problems());
        problems.addAll(duplicates.problems());
        BiggestCluster.problem(duplicates, rows.size()).ifPresent(problems::add);
        labels.forEach(label -> problems.addAll(label.problems()));
        problems.addAll(systemPrompts.problems());
        QualityReport quality = QualityReport.of(rows);
        problems.addAll(quality.problems());
        return new DatasetReport(dataset.source().toString(), rows.size(), problems, tokens,
                Distribution.of(rows.stream().mapToLong(row -> row.conversation().messages().size()).toArray()),
                duplicates,
                contradictions, labels, systemPrompts, quality);
    }

    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    public long count(Severity severity) {
        return problems.stream().filter(problem -> problem.severity() == severity).count();
    }
}
