package dev.attune.cli;

import dev.attune.workflow.JobRequest;
import dev.attune.workflow.TuningSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a job learns and what it trains: flags with the names of the wire's keys. What is not given the server chooses. */
final class TuningOptions {
    private static final Pattern NAMES = Pattern.compile("[\\w.]+(,[\\w.]+)*");

    @Option(names = "--method", paramLabel = "METHOD", defaultValue = "supervised", description = "supervised, or dpo for preference pairs (default: supervised).")
    String method = "supervised";
    @Option(names = "--beta", paramLabel = "X", description = "Of dpo: above 0, at most 2 (default: auto).")
    @Nullable
    Double beta;
    @Option(names = "--r", paramLabel = "N", description = "Rank of the adapter (default: 16).")
    @Nullable
    Integer rank;
    @Option(names = "--lora-alpha", paramLabel = "X", description = "Alpha of the adapter (default: twice its rank).")
    @Nullable
    Double alpha;
    @Option(names = "--lora-dropout", paramLabel = "X", description = "Dropout of the adapter, below 1 (default: 0).")
    @Nullable
    Double dropout;
    @Option(names = "--target-modules", paramLabel = "NAMES", description = "Layers with an adapter: names with commas between, a regular expression, or all-linear (default).")
    @Nullable
    String targets;
    @Option(names = "--use-rslora", description = "Scale by alpha over the root of the rank.")
    boolean stabilized;
    @Option(names = "--use-dora", description = "Train magnitudes beside the factors (DoRA).")
    boolean magnitudes;
    @Option(names = "--rank-pattern", paramLabel = "LAYER=N", description = "Another rank for layers of a name or pattern; can be repeated.")
    Map<String, Integer> ranks = new LinkedHashMap<>();
    @Option(names = "--alpha-pattern", paramLabel = "LAYER=X", description = "Another alpha for layers of a name or pattern; can be repeated.")
    Map<String, Double> alphas = new LinkedHashMap<>();
    @Option(names = "--tuning", paramLabel = "KIND", description = "lora, or full for all weights (default: lora).")
    @Nullable
    String tuning;
    @Option(names = "--over-length", paramLabel = "RULE", description = "What becomes of rows that are too long: refuse, drop, truncate or split (default: refuse).")
    @Nullable
    String overLength;
    @Option(names = "--max-tokens", paramLabel = "N", description = "Longest row in tokens (default: what the model takes).")
    @Nullable
    Integer maxTokens;
    @Option(names = "--replay-file", paramLabel = "FILE", description = "General rows that are mixed in against forgetting.")
    @Nullable
    String replayFile;
    @Option(names = "--replay-share", paramLabel = "X", description = "Their share of an epoch's rows, at most 0.9 (default: 0.1).")
    @Nullable
    Double replayShare;
    @Option(names = "--patience", paramLabel = "N", description = "Stop after so many epochs without a lower validation loss (default: never).")
    @Nullable
    Integer patience;
    @Option(names = "--validate-every", paramLabel = "N", description = "Steps from one small validation to the next (default: about fifty in all).")
    @Nullable
    Integer validateEvery;
    @Option(names = "--row-losses", paramLabel = "YES", arity = "1", description = "true or false: whether the loss of every row is kept (default: true).")
    @Nullable
    Boolean rowLosses;

    /** @throws CommandException where flags do not fit together, in one sentence */
    TuningSettings settings() {
        if (!TuningSettings.METHODS.contains(method)) {
            throw usage("--method is '" + method + "': give " + String.join(" or ", TuningSettings.METHODS));
        }
        if (beta != null && !method.equals("dpo")) {
            throw usage("--beta belongs to --method dpo: give that too, or leave it out");
        }
        if (replayShare != null && replayFile == null) {
            throw usage("--replay-share is a share of --replay-file: give that too");
        }
        Map<String, Object> lora = lora();
        if ("full".equals(tuning) && !lora.isEmpty()) {
            throw usage("--tuning full has no adapter: leave out what shapes one (" + String.join(", ", lora.keySet())
                    + ")");
        }
        return new TuningSettings(method, beta == null ? JobRequest.AUTO : beta, lora, training());
    }

    private Map<String, Object> lora() {
        Map<String, Object> lora = new LinkedHashMap<>();
        put(lora, "r", rank);
        put(lora, "lora_alpha", alpha);
        put(lora, "lora_dropout", dropout);
        if (targets != null) {
            boolean names = NAMES.matcher(targets).matches() && !targets.equals("all-linear");
            lora.put("target_modules", names ? List.of(targets.split(",")) : targets);
        }
        put(lora, "use_rslora", stabilized ? true : null);
        put(lora, "use_dora", magnitudes ? true : null);
        put(lora, "rank_pattern", ranks.isEmpty() ? null : ranks);
        put(lora, "alpha_pattern", alphas.isEmpty() ? null : alphas);
        return lora;
    }

    private Map<String, Object> training() {
        Map<String, Object> training = new LinkedHashMap<>();
        put(training, "tuning", tuning);
        put(training, "over_length", overLength);
        put(training, "max_tokens", maxTokens);
        put(training, TuningSettings.REPLAY_FILE, replayFile);
        put(training, "replay_share", replayShare);
        put(training, "patience", patience);
        put(training, "validate_every", validateEvery);
        put(training, "row_losses", rowLosses);
        return training;
    }

    private static void put(Map<String, Object> to, String key, @Nullable Object value) {
        if (value != null) {
            to.put(key, value);
        }
    }

    private static CommandException usage(String sentence) {
        return new CommandException(sentence, CommandException.USAGE);
    }
}
