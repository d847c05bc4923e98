package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the stretching of a model's frequencies, with what transformers takes where a number is left out. */
final class RopeScalingReader {
    private final Path file;
    private final ConfigReader.Keys keys;
    private final JsonNode json;
    private final int dimensions;

    /** @param json the object that has {@code rope_type}, or a missing node */
    RopeScalingReader(Path file, ConfigReader.Keys keys, JsonNode json, int dimensions) {
        this.file = file;
        this.keys = keys;
        this.json = json;
        this.dimensions = dimensions;
    }

    /** @param phi whether the older names that Phi-3 has for its only kind are meant */
    Rope.Scaling read(boolean phi) {
        String type = json.path("rope_type").asString(json.path("type").asString("default"));
        boolean older = phi && (type.equals("su") || type.equals("yarn"));
        return switch (older ? "longrope" : type) {
            case "default" -> new Rope.Scaling.None();
            case "linear" -> new Rope.Scaling.Linear(factor());
            case "dynamic" -> new Rope.Scaling.Dynamic(factor(), maxPositions());
            case "llama3" -> new Rope.Scaling.Llama3(factor(), number("low_freq_factor"), number("high_freq_factor"),
                    originalPositions());
            case "yarn" -> yarn();
            case "longrope" -> longRope();
            default -> throw new EngineException(file + " says rope_type \"" + type
                    + "\"; known are default, linear, dynamic, llama3, yarn and longrope.");
        };
    }

    private Rope.Scaling yarn() {
        double factor = factorOrRatio();
        double scale = json.path("mscale").asDouble(0);
        double allScale = json.path("mscale_all_dim").asDouble(0);
        double attention = scale != 0 && allScale != 0
                ? attention(factor, scale) / attention(factor, allScale)
                : attention(factor, 1);
        return new Rope.Scaling.Yarn(factor, originalPositions(), orElse("beta_fast", 32), orElse("beta_slow", 1),
                json.path("truncate").asBoolean(true), json.path("attention_factor").asDouble(attention));
    }

    private static double attention(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private Rope.Scaling longRope() {
        int original = (int) originalPositions();
        double factor = factorOrRatio();
        double attention = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        return new Rope.Scaling.LongRope(divisors("short_factor"), divisors("long_factor"), original,
                json.path("attention_factor").asDouble(attention));
    }

    private List<Double> divisors(String key) {
        List<Double> divisors = json.path(key).values().stream().map(JsonNode::asDouble).toList();
        if (divisors.size() != dimensions / 2) {
            throw new EngineException(file + " has " + divisors.size() + " numbers in " + key + "; a head has "
                    + dimensions / 2 + " pairs of dimensions to turn.");
        }
        return divisors;
    }

    private double factor() {
        return number("factor");
    }

    private double factorOrRatio() {
        return json.path("factor").asDouble(maxPositions() / originalPositions());
    }

    private double originalPositions() {
        return keys.number("original_max_position_embeddings")
                .orElse(json.path("original_max_position_embeddings").asDouble(maxPositions()));
    }

    private int maxPositions() {
        return keys.get("max_position_embeddings").asInt(2048);
    }

    private double orElse(String key, double otherwise) {
        double value = json.path(key).asDouble(0);
        return value == 0 ? otherwise : value;
    }

    private double number(String key) {
        if (!json.path(key).isNumber()) {
            throw new EngineException(file + " scales the rope without a number \"" + key + "\".");
        }
        return json.path(key).asDouble();
    }
}
