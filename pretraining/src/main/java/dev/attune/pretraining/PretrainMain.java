package dev.attune.pretraining;

import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.Rope;
import dev.attune.engine.tensor.NativeMemory;
import dev.attune.text.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pretrains attune-nano: {@code PretrainMain --out DIR --tokenizer DIR [--tokens N] [--seed N] …}. The same command goes
 * on where it was stopped. The defaults are those of the bundled model. {@code --from DIR} begins with the weights of a model of the
 * same shape, {@code --first-lesson N} later in the stream. Needs {@code OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS=1} in its
 * environment.
 */
public final class PretrainMain {
    private static final Map<String, String> DEFAULTS = Map.ofEntries(Map.entry("tokens", "17500000"),
            Map.entry("seed", "1"), Map.entry("first-lesson", "0"), Map.entry("hidden", "256"),
            Map.entry("layers", "6"), Map.entry("heads", "4"),
            Map.entry("kv-heads", "4"), Map.entry("feed-forward", "704"), Map.entry("rows", "8"),
            Map.entry("row-length", "256"), Map.entry("grow-after", "3000000"), Map.entry("warmup", "200000"),
            Map.entry("decay", "0.47"), Map.entry("matrix-rate", "0.005"), Map.entry("other-rate", "0.004"),
            Map.entry("workers", "2"), Map.entry("half", "true"), Map.entry("checkpoint-minutes", "5"),
            Map.entry("probe-minutes", "5"), Map.entry("probe-questions", "16"));

    private PretrainMain() {}

    /** Options as {@code --name value}; {@code --out} and {@code --tokenizer} are required. */
    public static void main(String[] arguments) throws IOException {
        var options = new TreeMap<String, String>(DEFAULTS);
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String name = arguments[i].replaceFirst("^--", "");
            if (!DEFAULTS.containsKey(name) && !List.of("out", "tokenizer", "from").contains(name)) {
                throw new IllegalArgumentException(
                        "unknown option " + arguments[i] + "; known are " + DEFAULTS.keySet());
            }
            options.put(name, arguments[i + 1]);
        }
        NativeMemory.keepFreed();
        if (!options.containsKey("out") || !options.containsKey("tokenizer")) {
            throw new IllegalArgumentException("--out DIR and --tokenizer DIR are needed");
        }
        Path tokenizerDir = Path.of(value(options, "tokenizer"));
        try (var tokenizer = HuggingFaceTokenizer.open(tokenizerDir)) {
            long seed = number(options, "seed");
            var settings = new PretrainingSettings(Path.of(value(options, "out")), tokenizerDir,
                    shape(options, tokenizer.vocabularySize(), tokenizer.idOf("<|im_end|>")),
                    Optional.ofNullable(options.get("from")).map(Path::of), seed, number(options, "first-lesson"),
                    number(options, "tokens"), number(options, "warmup"), real(options, "decay"),
                    real(options, "matrix-rate"), real(options, "other-rate"), whole(options, "row-length"),
                    whole(options, "rows"), number(options, "grow-after"), whole(options, "workers"),
                    Boolean.parseBoolean(value(options, "half")),
                    Duration.ofMinutes(number(options, "checkpoint-minutes")),
                    Duration.ofMinutes(number(options, "probe-minutes")));
            new Pretraining(settings, new Curriculum(tokenizer, seed),
                    CurriculumProbes.all(whole(options, "probe-questions")), tokenizer).run();
        }
    }

    private static ModelConfig shape(Map<String, String> options, int vocabulary, int stop) {
        int hidden = whole(options, "hidden");
        int heads = whole(options, "heads");
        return ModelConfig.llama(vocabulary, hidden, whole(options, "feed-forward"), whole(options, "layers"), heads,
                whole(options, "kv-heads"), hidden / heads, 1e-6, 1024, true,
                new Rope(10000, new Rope.Scaling.None()), -1, List.of(stop));
    }

    private static String value(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is needed");
        }
        return value;
    }

    private static long number(Map<String, String> options, String name) {
        return Long.parseLong(value(options, name));
    }

    private static int whole(Map<String, String> options, String name) {
        return Integer.parseInt(value(options, name));
    }

    private static double real(Map<String, String> options, String name) {
        return Double.parseDouble(value(options, name));
    }
}
