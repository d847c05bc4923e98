package dev.attune.engine.export;

import dev.attune.engine.config.Activation;
import dev.attune.engine.config.Family;
import dev.attune.engine.config.ModelConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A model's shape in the words of llama.cpp, and whether llama.cpp has an architecture that computes it. Many things that
 * a {@code config.json} may say are fixed there, so each is looked at.
 *
 * @param name {@code general.architecture}
 * @param keys all of its keys, the architecture before them
 */
record GgufArchitecture(String name, Map<String, GgufValue> keys, GgufRope rope) {
    /** The sizes of Gemma whose attention is scaled by the share of the width that a head has. */
    private static final Map<Family, Integer> LAYERS_OF_27B = Map.of(Family.GEMMA2, 46, Family.GEMMA3, 62);

    static GgufArchitecture of(ModelConfig config, Problems problems) {
        String name = switch (config.family()) {
            case LLAMA, MISTRAL -> "llama";
            case QWEN2 -> "qwen2";
            case QWEN3 -> "qwen3";
            case SMOLLM3 -> "smollm3";
            case GEMMA2 -> "gemma2";
            case GEMMA3 -> "gemma3";
            case GPT2 -> "gpt2";
            case PHI3 -> "phi3";
        };
        check(config, problems);
        GgufRope rope = GgufRope.of(config, problems);
        var keys = new LinkedHashMap<String, GgufValue>();
        keys.put("context_length", new GgufValue.Whole(rope.context()));
        keys.put("embedding_length", new GgufValue.Whole(config.hiddenSize()));
        keys.put("block_count", new GgufValue.Whole(config.layers()));
        keys.put("feed_forward_length", new GgufValue.Whole(config.feedForwardSize()));
        keys.put("attention.head_count", new GgufValue.Whole(config.heads()));
        keys.put("attention.head_count_kv", new GgufValue.Whole(config.keyValueHeads()));
        keys.put("attention.key_length", new GgufValue.Whole(config.headSize()));
        keys.put("attention.value_length", new GgufValue.Whole(config.headSize()));
        keys.put(config.family().has(Family.Trait.LAYER_NORM)
                ? "attention.layer_norm_epsilon"
                : "attention.layer_norm_rms_epsilon", new GgufValue.Real((float) config.normEpsilon()));
        keys.put("vocab_size", new GgufValue.Whole(config.vocabularySize()));
        keys.putAll(rope.keys());
        windows(config, keys, problems);
        if (config.softcaps().attention() > 0) {
            keys.put("attn_logit_softcapping", new GgufValue.Real((float) config.softcaps().attention()));
        }
        if (config.softcaps().logits() > 0) {
            keys.put("final_logit_softcapping", new GgufValue.Real((float) config.softcaps().logits()));
        }
        var named = new LinkedHashMap<String, GgufValue>();
        keys.forEach((key, value) -> named.put(name + "." + key, value));
        return new GgufArchitecture(name, named, rope);
    }

    private static void windows(ModelConfig config, Map<String, GgufValue> keys, Problems problems) {
        int window = config.plan().stream().mapToInt(ModelConfig.Layer::window).max().orElse(0);
        if (config.family() == Family.GEMMA2 || config.family() == Family.GEMMA3) {
            int pattern = config.family() == Family.GEMMA2 ? 2 : 6;
            boolean none = window == 0 && config.family() == Family.GEMMA3;
            if (!none) {
                layers(config,
                        layer -> config.plan().get(layer).window() == (layer % pattern < pattern - 1 ? window : 0),
                        "not every " + pattern + "th of its layers, and only those, looks back without a window",
                        problems);
                keys.put("attention.sliding_window", new GgufValue.Whole(window));
            }
        } else if (window > 0 && window < config.maxPositions()) {
            problems.remark("llama.cpp looks back without a window in this architecture: beyond " + window
                    + " tokens its answers are not those of the model.");
            if (config.family() == Family.PHI3) {
                keys.put("attention.sliding_window", new GgufValue.Whole(window));
            }
        }
    }

    private static void check(ModelConfig config, Problems problems) {
        Family family = config.family();
        boolean square = family == Family.QWEN2 || family == Family.PHI3 || family == Family.GPT2
                || config.biases().queryKeyValue();
        if (square && config.heads() * config.headSize() != config.hiddenSize()) {
            problems.add("its " + config.heads() + " heads of " + config.headSize() + " are not as wide as the model, "
                    + config.hiddenSize());
        }
        ModelConfig.Biases none = new ModelConfig.Biases(false, false, false);
        ModelConfig.Biases known = switch (family) {
            case LLAMA, MISTRAL, GPT2 -> config.biases();
            case QWEN2 -> new ModelConfig.Biases(true, false, false);
            case QWEN3, SMOLLM3, GEMMA2, GEMMA3, PHI3 -> none;
        };
        if (!config.biases().equals(known)) {
            problems.add("its linear layers have biases");
        }
        Activation usual = switch (family) {
            case GEMMA2, GEMMA3, GPT2 -> Activation.GELU_TANH;
            case LLAMA, MISTRAL, QWEN2, QWEN3, SMOLLM3, PHI3 -> Activation.SILU;
        };
        if (config.activation() != usual) {
            problems.add("its activation is not the usual one of its family");
        }
        double scale = Integer.valueOf(config.layers()).equals(LAYERS_OF_27B.get(family))
                ? 1 / Math.sqrt((double) config.hiddenSize() / config.heads())
                : 1 / Math.sqrt(config.headSize());
        layers(config, layer -> Math.abs(config.plan().get(layer).scale() / scale - 1) < 1e-6,
                "its attention is not scaled by the size of a head", problems);
        if (family == Family.GEMMA2 && (config.softcaps().attention() <= 0 || config.softcaps().logits() <= 0)
                || family == Family.GEMMA3 && config.softcaps().attention() > 0) {
            problems.add("the bounds of its scores or logits are not those of its family");
        }
        ropes(config, problems);
    }

    private static void ropes(ModelConfig config, Problems problems) {
        if (config.family() == Family.SMOLLM3) {
            layers(config, layer -> config.plan().get(layer).rope().isPresent() == ((layer + 1) % 4 != 0),
                    "not every fourth of its layers, and only those, knows no positions", problems);
        }
        if (config.family() == Family.GEMMA3) {
            layers(config, layer -> config.plan().get(layer).window() == 0 || config.plan().get(layer).rope()
                    .filter(rope -> rope.theta() == 1e4
                            && rope.scaling() instanceof dev.attune.engine.config.Rope.Scaling.None)
                    .isPresent(), "the rope of its layers with a window is not the usual one", problems);
        }
        boolean partial = config.plan().stream().flatMap(layer -> layer.rope().stream())
                .anyMatch(rope -> rope.dimensions(config.headSize()) != config.headSize());
        if (partial && config.family() != Family.PHI3) {
            problems.add("it turns only a part of each head");
        }
    }

    private static void layers(ModelConfig config, IntPredicate holds, String otherwise, Problems problems) {
        for (int layer = 0; layer < config.layers(); layer++) {
            if (!holds.test(layer)) {
                problems.add(otherwise);
                return;
            }
        }
    }
}
