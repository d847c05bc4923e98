package dev.attune.cli;

import dev.attune.dataset.PriceList;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say for whom data is looked at. */
final class TargetOptions {
    @Option(names = {"--target",
            "--model"}, paramLabel = "TARGET", defaultValue = CheckTarget.BUNDLED_MODEL, description = "openai:MODEL, azure:MODEL, or attune:MODEL with a name or folder here; a bare model is looked for here, then at OpenAI (default: ${DEFAULT-VALUE}).")
    String target = CheckTarget.BUNDLED_MODEL;
    @Option(names = "--models", paramLabel = "DIR", description = "A folder whose subfolders are base models; may be given more than once.")
    List<Path> models = List.of();
    @Option(names = "--epochs", paramLabel = "N", defaultValue = "-1", description = "Passes over the data, for the estimate (default: as the trainer would choose).")
    int epochs = -1;
    @Option(names = "--prices", paramLabel = "FILE", description = "Prices of your own, in the form of the price list that ships (docs/datasets.md).")
    Optional<Path> prices = Optional.empty();

    CheckTarget open() {
        return CheckTarget.open(target, Folders.models(models, Folders.home("")), epochs, prices.map(PriceList::read));
    }
}
