package dev.attune.cli;

import dev.attune.engine.export.ExportFormat;
import dev.attune.engine.export.ExportReport;
import dev.attune.engine.export.ExportRequest;
import dev.attune.engine.export.LogitDifference;
import dev.attune.engine.export.ModelExport;
import dev.attune.engine.export.NumberType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune models export}: a model in a form that other programs load. */
@Command(name = "export", mixinStandardHelpOptions = true, description = "Writes a model for other programs: a PEFT adapter, a merged Hugging Face folder, or GGUF for llama.cpp. It is read back and compared before it gets its name.", footer = {
        "%nExamples:",
        "  attune models export ft:attune-nano:attune:tickets:a1b2c3d4 --format gguf --type q8_0 --out exported",
        "  attune models export ~/.attune/jobs/ftjob-1 --format hf --out tickets-merged",
        "  attune models export my-adapter --base models/attune-nano --format gguf --adapter-only --out exported",
        "  attune models export attune-nano --format gguf --out exported"})
final class ExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "A tuned model's name, a job's folder or id, an adapter's folder, or a base model's name or folder.")
    String model = "";
    @Option(names = "--format", paramLabel = "FORMAT", required = true, description = "peft (the adapter), hf (merged safetensors) or gguf.")
    ExportFormat format = ExportFormat.HF;
    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where to: a new folder; for gguf a new or existing one.")
    Path out = Path.of("");
    @Option(names = "--type", paramLabel = "TYPE", defaultValue = "", description = "How numbers are stored: f32, f16, bf16, or q8_0 for gguf (default: as in the base model).")
    String type = "";
    @Option(names = "--adapter-only", description = "With gguf: the LoRA adapter alone, to be loaded beside the base model.")
    boolean adapterOnly;
    @Option(names = "--base", paramLabel = "MODEL", defaultValue = "", description = "The base model of an adapter, where it does not say or is not here under that name.")
    String base = "";
    @Option(names = "--home", paramLabel = "DIR", defaultValue = "", description = "Where tuned models are (default: $ATTUNE_HOME or ~/.attune).")
    String home = "";
    @Option(names = "--models", paramLabel = "DIR", description = "A folder whose subfolders are base models; may be given more than once.")
    List<Path> models = List.of();

    @Override
    public Integer call() {
        Optional<NumberType> numbers = type.isEmpty()
                ? Optional.empty()
                : Optional.of(NumberType.of(type)
                        .orElseThrow(() -> new CommandException("--type is " + type + ": give "
                                + String.join(", ", NumberType.names()), CommandException.USAGE)));
        Path folder = Folders.home(home);
        ModelSource source = ModelSource.find(model, base, folder, Folders.models(models, folder));
        long start = System.nanoTime();
        ExportReport report = ModelExport.run(new ExportRequest(source.base(), source.adapter(), format, numbers,
                adapterOnly, out, source.name()));
        print(report, Duration.ofNanos(System.nanoTime() - start), Screen.standardOutput());
        return 0;
    }

    private static void print(ExportReport report, Duration took, Screen screen) {
        report.difference().ifPresent(difference -> screen.line("  " + screen.paint(Style.DIM, "logits ")
                + said(difference)));
        report.remarks().forEach(remark -> screen.line("  " + screen.paint(Style.YELLOW, "note ") + remark));
        screen.line(screen.paint(Style.GREEN, "✓") + " " + Folders.shown(report.written()) + ": "
                + Words.count(report.bytes() >> 10) + " KiB, " + Words.count(report.tensors(), "tensor") + " ("
                + report.type() + ") read back and equal, " + Words.duration(took));
    }

    private static String said(LogitDifference difference) {
        return String.format(Locale.ROOT,
                "differ by at most %.2g (%.2g of the largest) from those before, at %s; the next"
                        + " token is the same at %s",
                difference.largest(), difference.relative(),
                Words.count(difference.tokens(), "token"), Words.percent(difference.sameChoice()));
    }
}
