package dev.attune.cli;

import dev.attune.pretraining.PretrainMain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code attune pretrain}: full-parameter training of a base model from nothing, on text that a seeded generator makes. */
@Command(name = "pretrain", mixinStandardHelpOptions = true, sortOptions = false, header = "Trains a base model from nothing, as attune-nano was made.", description = {
        "Trains all parameters of a new Llama model on generated lessons, tests its skills as it goes, and exports it in Hugging",
        "Face layout. The same command goes on from the newest checkpoint. Takes hours: the model card of attune-nano says how many.",
        "Further options, each with a value: --tokens --seed --hidden --layers --heads --kv-heads --feed-forward --rows --row-length",
        "--warmup --decay --matrix-rate --other-rate --workers --checkpoint-minutes --probe-minutes --probe-questions."}, footer = {
                "%nExample:",
                "  attune pretrain --out ./nano --tokenizer models/attune-nano --tokens 30000000 --seed 1"})
final class PretrainCommand implements Callable<Integer> {
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Log, checkpoints and the exported model.")
    String out = "";
    @Option(names = "--tokenizer", required = true, paramLabel = "DIR", description = "A folder with tokenizer.json and a chat template.")
    String tokenizer = "";
    @Unmatched
    List<String> further = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        var arguments = new ArrayList<>(List.of("--out", out, "--tokenizer", tokenizer));
        arguments.addAll(further);
        if (further.size() % 2 != 0 || further.stream().anyMatch(String::isBlank)) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "each further option needs one value: " + String.join(" ", further));
        }
        try {
            PretrainMain.main(arguments.toArray(String[]::new));
        } catch (NumberFormatException e) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "an option's value is not a number (" + e.getMessage() + ")");
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
