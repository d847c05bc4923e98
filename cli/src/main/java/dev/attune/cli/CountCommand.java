package dev.attune.cli;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.Distribution;
import dev.attune.dataset.FileCounts;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.report.InputFile;
import dev.attune.dataset.target.FileFacts;
import dev.attune.dataset.target.TargetAudit;
import dev.attune.dataset.target.TargetReport;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code attune count}: the tokens of files as a model counts them, and what they cost. */
@Command(name = "count", mixinStandardHelpOptions = true, header = "The tokens of training files, and what they cost.", sortOptions = false, description = "Counts the tokens of rows as a model does, those that are trained, and the price or time of tuning on them.", footer = {
        "%nExamples:", "  attune count tickets.jsonl",
        "  attune count train.jsonl test.jsonl --target openai:gpt-4.1-mini"})
final class CountCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of any known form.")
    List<Path> files = List.of();
    @Mixin
    TargetOptions target = new TargetOptions();
    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Option(names = "--json", description = "Print the counts as one JSON object.")
    boolean json;

    /** What {@code --json} prints. */
    record Output(String target, List<Counts> files) {}

    /** What one file holds. */
    record Counts(String file, int examples, Distribution tokens, Distribution trained,
            Optional<CostEstimate> estimate) {
        private int faulty() {
            return Math.max(1, examples) - tokens.count();
        }
    }

    @Override
    public Integer call() {
        Screen screen = Screen.standardOutput();
        List<Counts> counted;
        String place;
        try (var piped = new PipedFiles(Optional.empty()); CheckTarget opened = target.open()) {
            files = piped.of(files);
            files.forEach(TuneCommand::requireFile);
            counted = files.stream().map(file -> count(file, opened)).toList();
            place = opened.target().toString();
        }
        int faulty = counted.stream().mapToInt(Counts::faulty).sum();
        if (json) {
            System.out.println(JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build()
                    .writeValueAsString(new Output(place, counted)));
        } else {
            print(counted, place, faulty, screen);
        }
        return faulty > 0 ? CommandException.FAILED : 0;
    }

    private Counts count(Path file, CheckTarget place) {
        InputFile input = InputFile.of(file, place.target(), reading.options());
        var census = place.census();
        if (census.isPresent() && input.detected().isEmpty() && input.problem().isEmpty() && !input.preferences()) {
            FileCounts counts = census.get().count(file, FilePart.TEST);
            return new Counts(file.toString(), Math.toIntExact(counts.examples()), counts.total(), counts.trained(),
                    counts.perRow().isEmpty() ? Optional.empty() : place.estimate(counts));
        }
        var counted = new Counted(new TargetAudit(place.target(), place.counter(), LocalDate.now()));
        int examples = input.read(FilePart.TEST, place.target().rules(), counted);
        TargetReport report = counted.audit.end(FileFacts.of(file));
        return new Counts(file.toString(), examples, report.tokens().total(), report.tokens().trained(),
                report.tokens().perRow().isEmpty()
                        ? Optional.empty()
                        : Optional.of(place.estimator().apply(report))
                                .map(cost -> input.preferences() ? cost.ofPairs() : cost));
    }

    private static void print(List<Counts> counted, String place, int faulty, Screen screen) {
        var table = new TextTable("file", ">rows", ">tokens", ">trained", ">p5", ">p50", ">p95", ">max");
        var estimates = new TextTable("", "");
        for (Counts counts : counted) {
            Distribution total = counts.tokens();
            table.row(counts.file(), Words.count(total.count()), Words.count(total.total()),
                    Words.count(counts.trained().total()), quantile(total.p5()), quantile(total.median()),
                    quantile(total.p95()), Words.count(total.max()));
            counts.estimate().ifPresent(cost -> estimates.row(counts.file(), ReportView.sentence(cost)));
        }
        screen.line("for " + place);
        table.print(screen);
        estimates.print(screen);
        if (faulty > 0) {
            screen.line("  " + screen.paint(Style.YELLOW, Words.count(faulty, "row")
                    + " could not be counted; attune check says why"));
        }
    }

    private static String quantile(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private record Counted(TargetAudit audit) implements DatasetReader.Listener {
        @Override
        public void row(Row row) {
            audit.row(row);
        }

        @Override
        public void problem(Problem problem) {
            // attune check tells of problems
        }
    }
}
