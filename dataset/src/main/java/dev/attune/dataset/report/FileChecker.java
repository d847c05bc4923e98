package dev.attune.dataset.report;

import dev.attune.dataset.Contamination;
import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.EvalSet;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Leakage;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.quality.Finding;
import dev.attune.dataset.quality.QualityAudit;
import dev.attune.dataset.target.FileFacts;
import dev.attune.dataset.target.Target;
import dev.attune.dataset.target.TargetAudit;
import dev.attune.dataset.target.TargetReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Checks files for a target: each on its own, each against the first, and evaluation sets against all. Rows are held in
 * memory, problems are counted and only the first of each kind kept. Not thread-safe; nothing in a file makes it throw.
 */
public final class FileChecker {
    private final Target target;
    private final TokenCounter counter;
    private final Function<TargetReport, CostEstimate> estimator;
    private final LocalDate today;
    private final ReadOptions reading;

    /**
     * A checker.
     *
     * @param counter counts as the target's model does; stays the caller's
     * @param estimator says what tuning on a file takes
     * @param today the day on which dates are judged
     */
    public FileChecker(Target target, TokenCounter counter, Function<TargetReport, CostEstimate> estimator,
            LocalDate today) {
        this(target, counter, estimator, today, ReadOptions.defaults());
    }

    private FileChecker(Target target, TokenCounter counter, Function<TargetReport, CostEstimate> estimator,
            LocalDate today, ReadOptions reading) {
        this.target = target;
        this.counter = counter;
        this.estimator = estimator;
        this.today = today;
        this.reading = reading;
    }

    /** The same for files of which this was said. */
    public FileChecker reading(ReadOptions options) {
        return new FileChecker(target, counter, estimator, today, options);
    }

    /** Checks training files and evaluation sets. */
    public CheckReport check(List<Path> files, List<Path> evalSets) {
        List<Checked> checked = files.stream().map(this::read).toList();
        for (int i = 1; i < checked.size(); i++) {
            checked.get(i).problems.addAll(Leakage.between(checked.getFirst().dataset(), checked.get(i).dataset()));
        }
        List<EvalReport> sets = evalSets.stream().map(set -> evaluate(set, checked)).toList();
        return new CheckReport(target, checked.stream().map(this::report).toList(), sets);
    }

    private Checked read(Path file) {
        var checked = new Checked(file, new TargetAudit(target, counter, today));
        InputFile input = InputFile.of(file, target, reading);
        checked.format = input.format();
        input.problem().ifPresent(checked.problems::add);
        checked.examples = input.read(FilePart.TRAINING, target.rules(), checked);
        return checked;
    }

    private static EvalReport evaluate(Path file, List<Checked> trainings) {
        EvalSet set = EvalSet.read(file);
        var problems = new ProblemTally();
        problems.addAll(set.problems());
        Set<Integer> contaminated = new LinkedHashSet<>();
        for (Checked training : trainings) {
            Contamination contamination = Contamination.of(training.dataset(), set);
            contamination.contaminated().forEach(item -> contaminated.add(item.line()));
            problems.addAll(contamination.problems(training.file.toString()));
        }
        return new EvalReport(file.toString(), set.items().size(), contaminated.size(), problems.groups());
    }

    private FileReport report(Checked checked) {
        boolean readable = Files.isRegularFile(checked.file) && Files.isReadable(checked.file);
        FileFacts facts = readable ? FileFacts.of(checked.file) : new FileFacts(0, false);
        TargetReport targeted = checked.audit.end(facts);
        DatasetReport data = DatasetReport.of(checked.dataset(), targeted.tokens());
        ProblemTally problems = checked.problems;
        if (checked.examples > 0) {
            problems.addAll(targeted.problems());
        }
        problems.addAll(data.problems());
        for (Finding finding : checked.quality.end().findings()) {
            problems.add(finding.problem(), Math.max(1, finding.rows()));
        }
        Optional<CostEstimate> estimate = checked.rows.isEmpty()
                ? Optional.empty()
                : Optional.of(estimator.apply(targeted));
        estimate.stream().flatMap(targeted::oversized).forEach(problems::add);
        return new FileReport(checked.file.toString(), facts.bytes(), checked.format, checked.examples, data, targeted,
                estimate, problems.groups());
    }

    /** A file while it is checked. */
    private static final class Checked implements DatasetReader.Listener {
        final Path file;
        final TargetAudit audit;
        final QualityAudit quality = new QualityAudit();
        final ProblemTally problems = new ProblemTally();
        final List<Row> rows = new ArrayList<>();
        String format = "";
        int examples;

        Checked(Path file, TargetAudit audit) {
            this.file = file;
            this.audit = audit;
        }

        Dataset dataset() {
            return new Dataset(file, rows, List.of());
        }

        @Override
        public void row(Row row) {
            rows.add(row);
            audit.row(row);
            quality.row(row);
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }
    }
}
