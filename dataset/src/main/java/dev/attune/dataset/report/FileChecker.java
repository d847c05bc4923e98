package dev.attune.dataset.report;

import dev.attune.dataset.Contamination;
import dev.attune.dataset.ContaminationScan;
import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DataFigures;
import dev.attune.dataset.EvalSet;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.ParallelRows;
import dev.attune.dataset.PlainCounts;
import dev.attune.dataset.Problem;
import dev.attune.dataset.RepetitionCheck;
import dev.attune.dataset.Repetitions;
import dev.attune.dataset.Row;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.TokenCount;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.quality.Finding;
import dev.attune.dataset.quality.QualityAudit;
import dev.attune.dataset.target.FileFacts;
import dev.attune.dataset.target.Provider;
import dev.attune.dataset.target.Target;
import dev.attune.dataset.target.TargetAudit;
import dev.attune.dataset.target.TargetReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Checks files for a target: each on its own, each against the first, and evaluation sets against all. Rows are read once, one
 * by one; problems are counted and only the first of each kind kept; of large files what repeats is sorted on disk. So the heap
 * that is needed hardly depends on the size of the files: 13 bytes for each row beside a fixed amount, and the evaluation
 * sets. Not thread-safe; nothing in a file makes it throw.
 */
public final class FileChecker {
    private final Target target;
    private final TokenCounter counter;
    private final Function<TargetReport, CostEstimate> estimator;
    private final LocalDate today;
    private final Way way;

    /** How files are read. */
    private record Way(ReadOptions reading, RowKey group, Path scratch, Optional<BiConsumer<Path, Row>> watcher,
            Set<CheckGroup> checked) {}

    /**
     * A checker.
     *
     * @param counter counts as the target's model does; stays the caller's
     * @param estimator says what tuning on a file takes
     * @param today the day on which dates are judged
     */
    public FileChecker(Target target, TokenCounter counter, Function<TargetReport, CostEstimate> estimator,
            LocalDate today) {
        this(target, counter, estimator, today, new Way(ReadOptions.defaults(), RowKey.NONE,
                Path.of(System.getProperty("java.io.tmpdir", "/tmp")), Optional.empty(), CheckGroup.all()));
    }

    private FileChecker(Target target, TokenCounter counter, Function<TargetReport, CostEstimate> estimator,
            LocalDate today, Way way) {
        this.target = target;
        this.counter = counter;
        this.estimator = estimator;
        this.today = today;
        this.way = way;
    }

    private FileChecker with(Way other) {
        return new FileChecker(target, counter, estimator, today, other);
    }

    /** The same for files of which this was said. */
    public FileChecker reading(ReadOptions options) {
        return with(new Way(options, way.group, way.scratch, way.watcher, way.checked));
    }

    /** The same, where rows of one value of a key are known from each other: a held-out row of a trained group is a leak. */
    public FileChecker groupedBy(RowKey key) {
        return with(new Way(way.reading, key, way.scratch, way.watcher, way.checked));
    }

    /** The same with temporary files in another folder; only files of more than some megabytes need them. */
    public FileChecker scratch(Path folder) {
        return with(new Way(way.reading, way.group, folder, way.watcher, way.checked));
    }

    /** The same, telling every row that can be trained on with its file. */
    public FileChecker watchedBy(BiConsumer<Path, Row> watcher) {
        return with(new Way(way.reading, way.group, way.scratch, Optional.of(watcher), way.checked));
    }

    /** The same that looks at these groups and the rules alone; the fewer, the faster. */
    public FileChecker only(Set<CheckGroup> groups) {
        return with(new Way(way.reading, way.group, way.scratch, way.watcher, CheckGroup.withRules(groups)));
    }

    private boolean checks(CheckGroup group) {
        return way.checked.contains(group);
    }

    /**
     * Checks training files and evaluation sets. A file that is named twice is checked once.
     *
     * @throws dev.attune.dataset.DatasetException where temporary files cannot be written, as on a full disk
     */
    public CheckReport check(List<Path> files, List<Path> evalSets) {
        List<EvalSet> sets = evalSets.stream().map(EvalSet::read).toList();
        var checked = new ArrayList<Checked>();
        List<Repetitions> repetitions;
        try (var repeated = RepetitionCheck.open(way.scratch, way.group, files.size() > 1)) {
            for (Path file : new LinkedHashSet<>(files)) {
                repeated.begin(file.toString(), checked.isEmpty() ? FilePart.TRAINING : FilePart.TEST);
                checked.add(read(file, sets, repeated));
            }
            Map<String, ProblemTally> problems = new HashMap<>();
            checked.forEach(file -> problems.put(file.file.toString(), file.problems));
            repetitions = repeated.finish((file, problem) -> problems.getOrDefault(file, new ProblemTally())
                    .add(problem));
        }
        var reports = new ArrayList<FileReport>();
        for (int i = 0; i < checked.size(); i++) {
            reports.add(report(checked.get(i), repetitions.get(i)));
        }
        var evaluated = new ArrayList<EvalReport>();
        for (int i = 0; i < sets.size(); i++) {
            evaluated.add(evaluated(i, sets.get(i), checked));
        }
        return new CheckReport(target, way.checked, reports, evaluated);
    }

    private Checked read(Path file, List<EvalSet> sets, RepetitionCheck repeated) {
        var checked = new Checked(file, sets, repeated);
        InputFile input = InputFile.of(file, target, way.reading);
        checked.format = input.format();
        checked.preferences = input.preferences();
        input.problem().ifPresent(checked.problems::add);
        checked.examples = input.read(FilePart.TRAINING, target.rules(), checked);
        return checked;
    }

    private static EvalReport evaluated(int number, EvalSet set, List<Checked> trainings) {
        var problems = new ProblemTally();
        problems.addAll(set.problems());
        Set<Integer> contaminated = new LinkedHashSet<>();
        for (Checked training : trainings) {
            Contamination found = training.contamination.get(number).finish();
            found.contaminated().forEach(item -> contaminated.add(item.line()));
            problems.addAll(found.problems(training.file.toString()));
        }
        return new EvalReport(set.file().toString(), set.items().size(), contaminated.size(), problems.groups());
    }

    private FileReport report(Checked checked, Repetitions repetitions) {
        boolean readable = Files.isRegularFile(checked.file) && Files.isReadable(checked.file);
        FileFacts facts = readable ? FileFacts.of(checked.file) : new FileFacts(0, false);
        TargetReport targeted = checked.audit.end(facts);
        DataFigures data = checked.figures.finish(targeted.tokens(), repetitions);
        ProblemTally problems = checked.problems;
        if (checked.examples > 0) {
            problems.addAll(targeted.problems());
        }
        problems.addAll(targeted.tokens().problems());
        problems.addAll(checked.figures.problems());
        for (Finding finding : checked.quality.end().findings()) {
            problems.add(checked.preferences ? ofPair(finding.problem()) : finding.problem(),
                    Math.max(1, finding.rows()));
        }
        Optional<CostEstimate> estimate = data.rows() == 0 || !checks(CheckGroup.TOKENS)
                ? Optional.empty()
                : Optional.of(checked.preferences && target.provider() != Provider.ATTUNE
                        ? estimator.apply(targeted).ofPairs()
                        : estimator.apply(targeted));
        estimate.stream().flatMap(targeted::oversized).forEach(problems::add);
        return new FileReport(checked.file.toString(), facts.bytes(), checked.format, checked.examples, data, targeted,
                estimate, problems.groups());
    }

    /** Without the pointer, which is one of the conversation that the pair was made into. */
    private static Problem ofPair(Problem problem) {
        return new Problem(problem.code(), problem.severity(), problem.line(), "", problem.message(),
                problem.excerpt());
    }

    /** A file while it is checked. */
    private final class Checked implements ParallelRows.Looker {
        final Path file;
        final ProblemTally problems = new ProblemTally();
        final TargetAudit audit = new TargetAudit(target, counter, today, problems::add, checks(CheckGroup.TOKENS));
        final QualityAudit quality = new QualityAudit(checks(CheckGroup.PRIVACY), checks(CheckGroup.QUALITY));
        final DataFigures.Tally figures = new DataFigures.Tally(checks(CheckGroup.BALANCE));
        final List<ContaminationScan> contamination;
        final RepetitionCheck repeated;
        String format = "";
        boolean preferences;
        int examples;

        Checked(Path file, List<EvalSet> sets, RepetitionCheck repeated) {
            this.file = file;
            this.repeated = repeated;
            this.contamination = sets.stream().map(ContaminationScan::new).toList();
        }

        @Override
        public Runnable look(Row row) {
            List<Runnable> notes = List.of(audit.look(row), quality.look(row), figures.look(row),
                    checks(CheckGroup.REPEATS) ? repeated.look(row) : () -> {});
            return () -> {
                way.watcher.ifPresent(watcher -> watcher.accept(file, row));
                notes.forEach(Runnable::run);
                contamination.forEach(scan -> scan.accept(row));
            };
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }

        /** Where form and tokens are all that is asked for, no objects are made of most rows. */
        @Override
        public Optional<PlainCounts> numbers() {
            boolean bare = EnumSet.of(CheckGroup.RULES, CheckGroup.TOKENS).containsAll(way.checked)
                    && contamination.isEmpty() && way.watcher.isEmpty();
            return !bare
                    ? Optional.empty()
                    : checks(CheckGroup.TOKENS)
                            ? PlainCounts.ofTokens(counter, target.limits().exampleTokens(), this::plain)
                            : Optional.of(PlainCounts.ofMessages(this::plain));
        }

        private void plain(int messages, TokenCount tokens) {
            figures.add(messages);
            audit.plain(tokens);
        }
    }
}
