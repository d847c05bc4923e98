package dev.attune.cli;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DatasetReader;
import dev.attune.dataset.Distribution;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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

    @Override
    public Integer call() {
        files.forEach(TuneCommand::requireFile);
        Screen screen = Screen.standardOutput();
        int faulty = 0;
        try (CheckTarget place = target.open()) {
            var table = new TextTable("file", ">rows", ">tokens", ">trained", ">p5", ">p50", ">p95", ">max");
            var estimates = new TextTable("", "");
            for (Path file : files) {
                var counted = new Counted(new TargetAudit(place.target(), place.counter(), LocalDate.now()));
                InputFile input = InputFile.of(file, place.target(), reading.options());
                int examples = input.read(FilePart.TEST, place.target().rules(), counted);
                TargetReport report = counted.audit.end(FileFacts.of(file));
                faulty += Math.max(1, examples) - report.tokens().perRow().size();
                Distribution total = report.tokens().total();
                table.row(file.toString(), Words.count(total.count()), Words.count(total.total()),
                        Words.count(report.tokens().trained().total()), quantile(total.p5()), quantile(total.median()),
                        quantile(total.p95()), Words.count(total.max()));
                if (total.count() > 0) {
                    CostEstimate estimate = place.estimator().apply(report);
                    estimates.row(file.toString(), ReportView.sentence(estimate));
                }
            }
            screen.line("for " + place.target());
            table.print(screen);
            estimates.print(screen);
        }
        if (faulty > 0) {
            screen.line("  " + screen.paint(Style.YELLOW, Words.count(faulty, "row")
                    + " could not be counted; attune check says why"));
        }
        return faulty > 0 ? CommandException.FAILED : 0;
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
