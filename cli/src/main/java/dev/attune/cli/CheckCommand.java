package dev.attune.cli;

import dev.attune.dataset.DatasetException;
import dev.attune.dataset.RowKey;
import dev.attune.dataset.Severity;
import dev.attune.dataset.prepare.FileRepair;
import dev.attune.dataset.prepare.RepairReport;
import dev.attune.dataset.report.CheckCatalog;
import dev.attune.dataset.report.CheckEntry;
import dev.attune.dataset.report.CheckGroup;
import dev.attune.dataset.report.CheckReport;
import dev.attune.dataset.report.FileChecker;
import dev.attune.dataset.report.HtmlReport;
import dev.attune.dataset.report.JsonReport;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune check}: what is in training files, what is wrong with them, and what tuning on them takes. */
@Command(name = "check", mixinStandardHelpOptions = true, header = "What is in a training file, what is wrong with it, what it costs.", sortOptions = false, description = {
        "Reads training files of any known form and reports every problem with its line and what to do, the tokens of the",
        "rows, labels, duplicates, contradictions, and what tuning on them costs. Several files are also held against the",
        "first. Needs no server. Exit code 0 clean, 1 problems, 2 a file that cannot be checked or wrong usage."}, footer = {
                "%nExamples:", "  attune check tickets.jsonl",
                "  attune check tickets.jsonl --target openai:gpt-4.1-mini     by OpenAI's rules, tokens and prices",
                "  attune check tickets.jsonl --only rules,tokens              form and tokens alone, many times as fast",
                "  attune check train.jsonl --eval-set test.jsonl --fail-on warning",
                "  attune check export.csv --fix tickets.jsonl                 writes a repaired copy and a log, checks the copy",
                "  attune check tickets.jsonl --show-mask --line 1,40          rows as the model sees them, what is trained marked",
                "  attune check tickets.jsonl --format html > report.html",
                "  attune check --explain contradiction"})
final class CheckCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "JSONL with one {\"messages\": […]} a line, or a file that can be turned into it; - for what comes through a pipe.")
    List<Path> files = List.of();
    @Mixin
    TargetOptions target = new TargetOptions();
    @Mixin
    ReadingOptions reading = new ReadingOptions();
    @Option(names = "--eval-set", paramLabel = "FILE", description = "Questions to measure with, looked for in the training files; may be given more than once.")
    List<Path> evalSets = List.of();
    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "TEXT", description = "text, json (schemas/check-report.schema.json) or html (default: text).")
    Format format = Format.TEXT;
    @Option(names = "--json", description = "The same as --format json.")
    boolean json;
    @Option(names = "--fix", paramLabel = "OUT", description = "Write a copy with everything put right that is safe to put right, and a log beside it; then check the copy.")
    Optional<Path> fix = Optional.empty();
    @Option(names = "--skip-faulty", description = "With --fix: leave rows out of the copy that cannot be used; the log has them.")
    boolean skipFaulty;
    @Option(names = "--settle-contradictions", description = "With --fix: of rows that ask the same and answer differently, keep the commonest answer; where there is none, leave them out; the log has them.")
    boolean settle;
    @Option(names = "--fail-on", paramLabel = "SEVERITY", defaultValue = "ERROR", description = "error or warning: from where on the exit code is 1 (default: error).")
    FailOn failOn = FailOn.ERROR;
    @Option(names = "--only", paramLabel = "GROUP", split = ",", description = "Look at these groups alone, in less time: ${COMPLETION-CANDIDATES}. rules are always looked at (default: all).")
    List<CheckGroup> only = List.of();
    @Option(names = "--show-mask", description = "Print rows as the model will see them, what is trained marked, before the report.")
    boolean showMask;
    @Option(names = "--line", paramLabel = "N", split = ",", description = "Which rows --show-mask prints (default: the first three of each file).")
    List<Integer> lines = List.of();
    @Option(names = "--group", paramLabel = "KEY", defaultValue = "", description = "Rows with the same value of this key must not stand in two files: a customer, a document. A key or a JSON pointer.")
    String group = "";
    @Option(names = "--temp", paramLabel = "DIR", description = "Where large files are sorted to find what repeats; takes about three times their size (default: the system's folder for temporary files).")
    Optional<Path> temp = Optional.empty();
    @Option(names = "--explain", paramLabel = "CODE", description = "Say what a code means, and stop.")
    Optional<String> explain = Optional.empty();

    /** How a report is written. */
    enum Format {
        TEXT, JSON, HTML
    }

    /** From where on a file fails. */
    enum FailOn {
        ERROR, WARNING
    }

    @Override
    public Integer call() {
        if (explain.isPresent()) {
            return explain(explain.get());
        }
        if (files.isEmpty()) {
            throw new CommandException("name a FILE to check; see 'attune check --help'", CommandException.USAGE);
        }
        if (fix.isPresent() && files.size() > 1) {
            throw new CommandException("--fix repairs one file at a time: name one FILE, or use attune prepare",
                    CommandException.USAGE);
        }
        if (skipFaulty && fix.isEmpty()) {
            throw new CommandException("--skip-faulty goes with --fix OUT", CommandException.USAGE);
        }
        if (settle && fix.isEmpty()) {
            throw new CommandException("--settle-contradictions goes with --fix OUT, or with attune prepare",
                    CommandException.USAGE);
        }
        if (!group.isEmpty() && !only.isEmpty() && !only.contains(CheckGroup.REPEATS)) {
            throw new CommandException(
                    "--group finds what files share: add repeats to --only, or leave one of the two out",
                    CommandException.USAGE);
        }
        Format chosen = json ? Format.JSON : format;
        if (showMask && chosen != Format.TEXT || !showMask && !lines.isEmpty()) {
            throw new CommandException(
                    showMask ? "--show-mask prints text: leave --format out" : "--line goes with --show-mask",
                    CommandException.USAGE);
        }
        Screen screen = Screen.standardOutput();
        try (var piped = new PipedFiles(temp); CheckTarget place = target.open()) {
            files = piped.of(files);
            List<Path> checked = files;
            if (fix.isPresent()) {
                RepairReport repaired = repair(place, fix.get());
                if (chosen == Format.TEXT) {
                    new RepairView(screen).print(repaired);
                }
                checked = List.of(fix.get());
            }
            var mask = new MaskView(screen, lines, place.isExact(), place.mask());
            CheckReport report = checker(place, mask).check(checked, evalSets);
            if (showMask) {
                mask.print();
            }
            switch (chosen) {
                case TEXT -> new CheckView(screen).print(report, fix.isPresent());
                case JSON -> System.out.println(JsonReport.of(report));
                case HTML -> System.out.print(HtmlReport.of(report));
            }
            return exitCode(report);
        }
    }

    private FileChecker checker(CheckTarget place, MaskView mask) {
        var checker = new FileChecker(place.target(), place.counter(), place.estimator(), LocalDate.now())
                .groupedBy(new RowKey(group));
        checker = only.isEmpty() ? checker : checker.only(EnumSet.copyOf(only));
        checker = temp.isPresent() ? checker.scratch(temp.get()) : checker;
        checker = showMask ? checker.watchedBy(mask::row) : checker;
        return fix.isPresent() ? checker : checker.reading(reading.options());
    }

    private RepairReport repair(CheckTarget place, Path output) {
        try {
            return repaired(place, output);
        } catch (DatasetException e) {
            boolean usable = new FileChecker(place.target(), place.counter(), place.estimator(), LocalDate.now())
                    .reading(reading.options()).only(EnumSet.of(CheckGroup.RULES)).check(files, List.of()).isUsable();
            throw new CommandException(String.valueOf(e.getMessage()),
                    usable ? CommandException.FAILED : CommandException.USAGE);
        }
    }

    private RepairReport repaired(CheckTarget place, Path output) {
        FileRepair repair = FileRepair.safe(place.target()).reading(reading.options());
        repair = skipFaulty ? repair.skippingFaultyRows() : repair;
        return (settle ? repair.settlingContradictions() : repair).repair(files.getFirst(), output);
    }

    private int exitCode(CheckReport report) {
        if (!report.isUsable()) {
            return CommandException.USAGE;
        }
        return report.has(failOn == FailOn.ERROR ? Severity.ERROR : Severity.WARNING) ? CommandException.FAILED : 0;
    }

    private static int explain(String code) {
        CheckEntry entry = CheckCatalog.find(code).orElseThrow(() -> new CommandException(
                "there is no code '" + code + "': docs/checks.md lists them all", CommandException.USAGE));
        new CheckView(Screen.standardOutput()).explain(entry);
        return 0;
    }
}
