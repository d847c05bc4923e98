package dev.attune.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the parts of a recipe's {@code tune} that have the wire's names: method, {@code lora} and {@code training}. */
final class TuningFields {
    static final List<String> KEYS = List.of("method", "beta", "epochs", "batch_size", "learning_rate_multiplier",
            "suffix", "seed", "lora", "training");
    private static final List<String> LORA = List.of("r", "lora_alpha", "lora_dropout", "target_modules", "use_rslora",
            "use_dora", "rank_pattern", "alpha_pattern");
    private static final List<String> TRAINING = List.of("tuning", "over_length", "max_tokens", "replay_file",
            "replay_share", "patience", "validate_every", "row_losses");
    private static final int MOST_RANK = 1024;
    private static final double MOST_ALPHA = 1e6;

    private final RecipeFields tune;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private TuningFields(RecipeFields tune) {
        this.tune = tune;
    }

    /** @param validated whether there are rows whose loss is watched */
    static TuningSettings read(RecipeFields tune, Provider provider, boolean validated) {
        String method = tune.choice("method", TuningSettings.METHODS, TuningSettings.PLAIN.method());
        double beta = tune.numberOrAuto("beta", 0.0001, 2);
        tune.check("beta", method.equals("dpo"), "belongs to method dpo; remove it, or set the method");
        for (String own : List.of("lora", "training")) {
            tune.check(own, provider == Provider.ATTUNE,
                    "is known to Attune's server alone; remove it, or set provider to attune");
        }
        Map<String, Object> training = new TuningFields(tune).training(method, validated);
        tune.check("lora", !"full".equals(training.get("tuning")),
                "cannot stand beside training.tuning full, which has no adapter; remove one of the two");
        return new TuningSettings(method, beta, new TuningFields(tune).lora(), training);
    }

    private Map<String, Object> lora() {
        RecipeFields lora = tune.section("lora", LORA);
        whole(lora, "r", 1, MOST_RANK);
        number(lora, "lora_alpha", 0, MOST_ALPHA);
        number(lora, "lora_dropout", 0, 0.99);
        if (lora.has("target_modules")) {
            values.put("target_modules", lora.textOrTexts("target_modules"));
        }
        flag(lora, "use_rslora");
        flag(lora, "use_dora");
        pattern(lora, "rank_pattern", true);
        pattern(lora, "alpha_pattern", false);
        return values;
    }

    private Map<String, Object> training(String method, boolean validated) {
        RecipeFields training = tune.section("training", TRAINING);
        choice(training, "tuning", List.of("lora", "full"));
        choice(training, "over_length", List.of("refuse", "drop", "truncate", "split"));
        training.check("over_length", !(method.equals("dpo") && "split".equals(values.get("over_length"))),
                "cannot be split with method dpo; refuse, drop or truncate pairs that are too long");
        whole(training, "max_tokens", 2, Integer.MAX_VALUE);
        if (training.has(TuningSettings.REPLAY_FILE)) {
            values.put(TuningSettings.REPLAY_FILE, training.text(TuningSettings.REPLAY_FILE, ""));
        }
        number(training, "replay_share", 0.001, 0.9);
        training.check("replay_share", training.has(TuningSettings.REPLAY_FILE),
                "is a share of replay_file; name that too");
        whole(training, "patience", 0, 50);
        training.check("patience", validated || Long.valueOf(0).equals(values.get("patience")),
                "needs rows for validation; give data.validation or data.split.validation above 0");
        whole(training, "validate_every", 0, Integer.MAX_VALUE);
        flag(training, "row_losses");
        return values;
    }

    private void whole(RecipeFields fields, String key, long least, long most) {
        if (fields.has(key)) {
            values.put(key, fields.whole(key, least, least, most));
        }
    }

    private void number(RecipeFields fields, String key, double least, double most) {
        if (fields.has(key)) {
            values.put(key, fields.number(key, least, least, most));
        }
    }

    private void flag(RecipeFields fields, String key) {
        if (fields.has(key)) {
            values.put(key, fields.flag(key, false));
        }
    }

    private void choice(RecipeFields fields, String key, List<String> known) {
        if (fields.has(key)) {
            values.put(key, fields.choice(key, known, known.getFirst()));
        }
    }

    /** Layers' names with a number each. */
    private void pattern(RecipeFields lora, String key, boolean ranks) {
        if (!lora.has(key)) {
            return;
        }
        Map<String, Object> numbers = new LinkedHashMap<>();
        Set<String> layers = lora.node(key) instanceof YamlNode.Mapping mapping
                ? new TreeSet<>(mapping.entries().keySet())
                : Set.of();
        RecipeFields fields = lora.section(key, List.copyOf(layers));
        for (String layer : layers) {
            numbers.put(layer, ranks
                    ? (Object) fields.whole(layer, 1, 1, MOST_RANK)
                    : (Object) fields.number(layer, 0, 0, MOST_ALPHA));
        }
        values.put(key, numbers);
    }
}
