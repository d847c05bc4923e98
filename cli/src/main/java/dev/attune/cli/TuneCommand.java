package dev.attune.cli;

import dev.attune.workflow.FineTuning;
import dev.attune.workflow.JobRequest;
import dev.attune.workflow.TuningJob;
import dev.attune.workflow.TuningSettings;
import dev.attune.workflow.UploadedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code attune tune}: uploads files and starts a fine-tuning job on any server that speaks the protocol. */
@Command(name = "tune", mixinStandardHelpOptions = true, header = "Uploads data and starts a fine-tuning job.", sortOptions = false, description = "Uploads training data and starts a fine-tuning job on the server of OPENAI_BASE_URL.", footer = {
        "%nExamples:",
        "  attune tune --train train.jsonl --model attune-nano --watch",
        "  attune tune --train train.jsonl --validation valid.jsonl --model attune-nano --suffix tickets --epochs 3",
        "  attune tune --train pairs.jsonl --model attune-nano --method dpo --beta 0.2",
        "  attune tune --train train.jsonl --model attune-nano --r 32 --target-modules q_proj,v_proj --over-length split"})
final class TuneCommand implements Callable<Integer> {
    @Mixin
    ServerOptions server = new ServerOptions();
    @Option(names = "--train", required = true, paramLabel = "FILE", description = "JSONL with one conversation or preference pair a line, at least ten.")
    Path train = Path.of("");
    @Option(names = "--validation", paramLabel = "FILE", defaultValue = "", description = "JSONL that is never trained on; gives the validation loss.")
    String validation = "";
    @Option(names = "--model", required = true, paramLabel = "MODEL", description = "A base model, or a tuned one to go on from ('attune models list').")
    String model = "";
    @Option(names = "--suffix", paramLabel = "NAME", defaultValue = "", description = "Goes into the tuned model's name.")
    String suffix = "";
    @Option(names = "--epochs", paramLabel = "N", defaultValue = "auto", description = "Passes over the data, 1 to 50 (default: auto).")
    String epochs = "auto";
    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "auto", description = "Rows in a step, 1 to 256 (default: auto).")
    String batchSize = "auto";
    @Option(names = "--learning-rate-multiplier", paramLabel = "X", defaultValue = "auto", description = "Above 0 (default: auto).")
    String learningRateMultiplier = "auto";
    @Option(names = "--seed", paramLabel = "N", defaultValue = "auto", description = "The same seed and data give the same model.")
    String seed = "auto";
    @Mixin
    TuningOptions tuning = new TuningOptions();
    @Option(names = "--watch", description = "Follow the job to its end; exit code 1 if it fails.")
    boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        var request = new JobRequest(model, "", "", suffix, (int) number("--epochs", epochs, 1, 50),
                (int) number("--batch-size", batchSize, 1, 256), multiplier(),
                number("--seed", seed, 0, Integer.MAX_VALUE), tuning.settings(), Map.of(), "");
        requireFile(train);
        if (!validation.isEmpty()) {
            requireFile(Path.of(validation));
        }
        TuningSettings settings = request.settings();
        if (!settings.replayFile().isEmpty()) {
            requireFile(Path.of(settings.replayFile()));
        }
        Screen screen = Screen.standardOutput();
        try (var client = new ModelsCommand.Closing(server.client())) {
            var fineTuning = new FineTuning(client.open());
            UploadedFile training = upload(screen, fineTuning, train);
            String validating = validation.isEmpty() ? "" : upload(screen, fineTuning, Path.of(validation)).id();
            TuningSettings sent = settings.replayFile().isEmpty()
                    ? settings
                    : settings.withReplayFile(upload(screen, fineTuning, Path.of(settings.replayFile())).id());
            TuningJob job = fineTuning
                    .create(new JobRequest(request.model(), training.id(), validating, request.suffix(),
                            request.epochs(), request.batchSize(), request.learningRateMultiplier(), request.seed(),
                            sent, Map.of(), ""));
            screen.line("job " + screen.paint(Style.BOLD, job.id()) + " on " + model);
            if (!watch) {
                screen.line("follow it: attune jobs watch " + job.id()
                        + (server.baseUrl.isBlank() ? "" : " --base-url " + server.baseUrl));
                return 0;
            }
            return JobView.follow(screen, fineTuning, job.id(), server);
        }
    }

    private static UploadedFile upload(Screen screen, FineTuning server, Path file) throws InterruptedException {
        screen.update("uploading " + file);
        UploadedFile uploaded = server.upload(file);
        screen.line("uploaded " + file + " as " + uploaded.id());
        return uploaded;
    }

    /** Fails with one sentence where the path is not a readable file with something in it. */
    static void requireFile(Path file) {
        if (!Files.exists(file)) {
            throw new CommandException(file + " does not exist: check the path");
        }
        if (Files.isDirectory(file)) {
            throw new CommandException(file + " is a folder: name the JSONL file in it");
        }
        if (!Files.isReadable(file)) {
            throw new CommandException(file + " cannot be read: change its permissions");
        }
    }

    private static long number(String option, String value, long least, long most) {
        if (value.equals("auto")) {
            return JobRequest.AUTO;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the range.
        }
        throw new CommandException(
                option + " is '" + value + "': give auto or a whole number from " + least + " to " + most,
                CommandException.USAGE);
    }

    private double multiplier() {
        if (learningRateMultiplier.equals("auto")) {
            return JobRequest.AUTO;
        }
        try {
            double number = Double.parseDouble(learningRateMultiplier);
            if (number > 0 && Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the range.
        }
        throw new CommandException(
                "--learning-rate-multiplier is '" + learningRateMultiplier + "': give auto or a number above 0",
                CommandException.USAGE);
    }
}
