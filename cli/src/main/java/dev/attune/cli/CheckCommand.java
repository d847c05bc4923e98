package dev.attune.cli;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.Dataset;
import dev.attune.dataset.DatasetReport;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.TokenCounter;
import dev.attune.text.OpenAiTokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code attune check}: what is in a training file, what is wrong with it, and what tuning on it takes. */
@Command(name = "check", mixinStandardHelpOptions = true, header = "What is in a training file, what is wrong with it, what it costs.", sortOptions = false, description = {
        "Reads a JSONL file of conversations and reports every problem with its line and what to do, the tokens of the rows,",
        "labels, duplicates, contradictions, and what tuning on it costs. Needs no server. Exit code 1 where there are errors."}, footer = {
                "%nExamples:", "  attune check tickets.jsonl",
                "  attune check tickets.jsonl --model /data/models/my-llama",
                "  attune check tickets.jsonl --model gpt-4.1-nano-2025-04-14   tokens and price as OpenAI counts them",
                "  attune check tickets.jsonl --json | jq '.report.problems[] | select(.severity == \"ERROR\")'"})
final class CheckCommand implements Callable<Integer> {
    static final String BUNDLED_MODEL = "attune-nano";

    @Parameters(paramLabel = "FILE", description = "JSONL, one {\"messages\": […]} a line.")
    Path file = Path.of("");
    @Option(names = "--model", paramLabel = "MODEL", defaultValue = BUNDLED_MODEL, description = "For whose tokens and context: a base model here, by name or path, or a model of OpenAI (default: ${DEFAULT-VALUE}).")
    String model = BUNDLED_MODEL;
    @Option(names = "--models", paramLabel = "DIR", description = "A folder whose subfolders are base models; may be given more than once.")
    List<Path> models = List.of();
    @Option(names = "--epochs", paramLabel = "N", defaultValue = "-1", description = "Passes over the data, for the estimate (default: as the trainer would choose).")
    int epochs = -1;
    @Option(names = "--json", description = "Print the whole report as one JSON object.")
    boolean json;

    @Override
    public Integer call() {
        TuneCommand.requireFile(file);
        List<Path> folders = Folders.models(models, Folders.home(""));
        Optional<Path> directory = BaseModels.find(model, folders);
        Screen screen = Screen.standardOutput();
        Checked checked;
        if (directory.isPresent()) {
            checked = local(Dataset.read(file), model, directory.get(), epochs);
        } else if (PriceList.shipped().of(model).isPresent()) {
            checked = hosted();
        } else {
            throw BaseModels.unknown(model, folders);
        }
        if (json) {
            Map<String, Object> whole = new LinkedHashMap<>();
            whole.put("report", checked.report());
            whole.put("estimates", checked.estimates());
            System.out.println(
                    JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(whole));
        } else {
            screen.line(screen.paint(Style.BOLD, file.toString()) + " for " + model);
            new ReportView(screen).print(checked.report(),
                    checked.estimates().stream().map(ReportView::sentence).toList());
        }
        return checked.report().hasErrors() ? CommandException.FAILED : 0;
    }

    /** What a check found, and what tuning takes. */
    record Checked(DatasetReport report, List<CostEstimate> estimates) {}

    /** Checks rows for a base model of this machine. */
    static Checked local(Dataset dataset, String model, Path directory, int epochs) {
        try (var local = LocalModel.open(directory)) {
            var report = DatasetReport.of(dataset, local.counter(), local.context());
            return new Checked(report,
                    report.rows() == 0
                            ? List.of()
                            : List.of(LocalModel.estimate(model, directory, report.tokens(), 1, epochs)));
        }
    }

    private Checked hosted() {
        PriceList prices = PriceList.shipped();
        int context = prices.of(model).map(PriceList.Price::trainingContext).orElse(0);
        try (var tokenizer = OpenAiTokenizer.forModel(model)) {
            var report = DatasetReport.of(Dataset.read(file), TokenCounter.openAi(tokenizer, model), context);
            return new Checked(report, report.rows() == 0
                    ? List.of()
                    : List.of(CostEstimate.hosted(model, report.tokens().perRow(), epochs, prices)));
        }
    }
}
