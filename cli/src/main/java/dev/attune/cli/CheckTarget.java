package dev.attune.cli;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DatasetException;
import dev.attune.dataset.FileCensus;
import dev.attune.dataset.FileCounts;
import dev.attune.dataset.MaskedRow;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.Row;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.target.Provider;
import dev.attune.dataset.target.Target;
import dev.attune.dataset.target.TargetReport;
import dev.attune.text.OpenAiTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where files are checked for: its rules, how it counts, and what tuning there takes. Owns a tokenizer. */
final class CheckTarget implements AutoCloseable {
    static final String BUNDLED_MODEL = "attune-nano";

    private final Target target;
    private final TokenCounter counter;
    private final Function<TargetReport, CostEstimate> estimator;
    private final Function<Row, MaskedRow> mask;
    private final Optional<Hosted> hosted;
    private final AutoCloseable tokenizer;

    /** What is known of a hosted model. */
    private record Hosted(OpenAiTokenizer tokenizer, PriceList prices, int epochs) {}

    private CheckTarget(Target target, TokenCounter counter, Function<TargetReport, CostEstimate> estimator,
            Function<Row, MaskedRow> mask, Optional<Hosted> hosted, AutoCloseable tokenizer) {
        this.hosted = hosted;
        this.mask = mask;
        this.target = target;
        this.counter = counter;
        this.estimator = estimator;
        this.tokenizer = tokenizer;
    }

    /**
     * Opens a target.
     *
     * @param name {@code openai:MODEL}, {@code azure:MODEL}, {@code attune:MODEL}, or a bare model: one of this machine, else
     *            one of OpenAI
     * @param epochs for the estimate; −1 for what the trainer would choose
     * @param prices of hosted models
     * @throws CommandException where there is no such target; wrong usage
     */
    static CheckTarget open(String name, List<Path> folders, int epochs, Optional<PriceList> prices) {
        Target target = resolve(name, folders);
        if (target.provider() == Provider.ATTUNE) {
            Path directory = BaseModels.find(target.model(), folders)
                    .orElseThrow(() -> unknown(target.model(), folders));
            LocalModel model = LocalModel.open(directory);
            return new CheckTarget(Target.attune(target.model(), model.context()), model.counter(),
                    report -> LocalModel.estimate(target.model(), directory, report.tokens(), 1, epochs),
                    model::mask, Optional.empty(), model);
        }
        PriceList known = prices
                .orElseGet(() -> target.provider() == Provider.OPENAI ? PriceList.shipped() : PriceList.NONE);
        var tokenizer = OpenAiTokenizer.forModel(target.model());
        TokenCounter counter = TokenCounter.openAi(tokenizer, target.model());
        return new CheckTarget(target, counter, report -> report.estimate(epochs, known),
                row -> MaskedRow.byMessage(row, counter), Optional.of(new Hosted(tokenizer, known, epochs)), tokenizer);
    }

    private static Target resolve(String name, List<Path> folders) {
        try {
            boolean bare = !name.matches("(?i)(openai|azure|attune):.*");
            if (bare && BaseModels.find(name, folders).isPresent()) {
                return Target.attune(name, 0);
            }
            return bare
                    ? Target.openAi(name).orElseThrow(() -> unknown(name, folders))
                    : Target.parse(name);
        } catch (DatasetException e) {
            throw new CommandException(String.valueOf(e.getMessage()), CommandException.USAGE);
        }
    }

    private static CommandException unknown(String model, List<Path> folders) {
        return new CommandException(BaseModels.unknown(model, folders).getMessage()
                + ", or openai:MODEL or azure:MODEL", CommandException.USAGE);
    }

    Target target() {
        return target;
    }

    TokenCounter counter() {
        return counter;
    }

    Function<TargetReport, CostEstimate> estimator() {
        return estimator;
    }

    /** Shows a row with what of it is trained; throws a TextException where no true mask can be made. */
    Function<Row, MaskedRow> mask() {
        return mask;
    }

    /** Whether {@link #mask} shows tokens as they are trained, and not only messages. */
    boolean isExact() {
        return hosted.isEmpty();
    }

    /** What counts whole chat files at once, where the model is hosted. */
    Optional<FileCensus> census() {
        return hosted.map(model -> new FileCensus(model.tokenizer(), target.model(), target.rules(),
                Runtime.getRuntime().availableProcessors()));
    }

    /** The cost of tuning on a file that {@link #census} counted. */
    Optional<CostEstimate> estimate(FileCounts counts) {
        return hosted.map(model -> CostEstimate.hosted(target.model(), counts.perRow(), target.limits().exampleTokens(),
                model.epochs(), model.prices()));
    }

    @Override
    public void close() {
        try {
            tokenizer.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
