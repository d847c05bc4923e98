package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads what differs from layer to layer: windows, the turning of heads, the scale of attention. */
final class LayerPlanReader {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private final Path file;
    private final Family family;
    private final ConfigReader.Keys keys;
    private final int heads;
    private final int headSize;

    LayerPlanReader(Path file, Family family, ConfigReader.Keys keys, int heads, int headSize) {
        this.file = file;
        this.family = family;
        this.keys = keys;
        this.heads = heads;
        this.headSize = headSize;
    }

    List<ModelConfig.Layer> read(int layers) {
        var plan = new ArrayList<ModelConfig.Layer>();
        for (int layer = 0; layer < layers; layer++) {
            boolean turned = isTurned(layer);
            int window = window(layer, turned);
            plan.add(new ModelConfig.Layer(window,
                    turned ? Optional.of(rope(window > 0 ? SLIDING : FULL)) : Optional.empty(), scale(layer)));
        }
        return plan;
    }

    /** The longest sequence; dynamic scaling reaches beyond what the file says. */
    int maxPositions() {
        int positions = keys.get("max_position_embeddings").asInt(2048);
        JsonNode scaling = scaling(FULL);
        boolean dynamic = scaling.path("rope_type").asString(scaling.path("type").asString("")).equals("dynamic");
        return dynamic ? (int) (positions * scaling.path("factor").asDouble(1)) : positions;
    }

    private boolean isTurned(int layer) {
        if (family.has(Family.Trait.LEARNED_POSITIONS)) {
            return false;
        }
        if (family != Family.SMOLLM3) {
            return true;
        }
        JsonNode chosen = keys.get("no_rope_layers");
        return chosen.isArray()
                ? chosen.path(layer).asInt(1) != 0
                : (layer + 1) % keys.get("no_rope_layer_interval").asInt(4) != 0;
    }

    private int window(int layer, boolean turned) {
        int window = keys.get("sliding_window").asInt(0);
        return isSliding(layer, turned) ? window : 0;
    }

    private boolean isSliding(int layer, boolean turned) {
        boolean wanted = keys.get("use_sliding_window").asBoolean(false);
        JsonNode types = keys.get("layer_types");
        return switch (family) {
            case LLAMA, GPT2 -> false;
            case MISTRAL, PHI3 -> true;
            case QWEN2, QWEN3 -> wanted && (types.isArray()
                    ? isSliding(types, layer)
                    : layer >= keys.get("max_window_layers").asInt(0));
            case SMOLLM3 -> wanted && (types.isArray() ? isSliding(types, layer) : !turned);
            case GEMMA2, GEMMA3 -> types.isArray()
                    ? isSliding(types, layer)
                    : (layer + 1) % keys.get("sliding_window_pattern").asInt(1) != 0;
        };
    }

    private boolean isSliding(JsonNode types, int layer) {
        String type = types.path(layer).asString("");
        if (!type.equals(FULL) && !type.equals(SLIDING)) {
            throw new EngineException(file + " says layer " + layer + " is \"" + type + "\" in layer_types; known are "
                    + FULL + " and " + SLIDING + ".");
        }
        return type.equals(SLIDING);
    }

    private double scale(int layer) {
        double scale = keys.number("query_pre_attn_scalar").map(Math::sqrt).orElse(Math.sqrt(headSize));
        double plain = keys.get("scale_attn_weights").asBoolean(true) ? 1 / scale : 1;
        return keys.get("scale_attn_by_inverse_layer_idx").asBoolean(false) ? plain / (layer + 1) : plain;
    }

    /** Older files say it in {@code rope_scaling}, newer ones in {@code rope_parameters}, for each kind of layer apart. */
    private JsonNode scaling(String kind) {
        JsonNode parameters = keys.get("rope_parameters");
        JsonNode own = parameters.path(kind).isObject() ? parameters.path(kind) : parameters;
        boolean local = family == Family.GEMMA3 && kind.equals(SLIDING);
        JsonNode older = keys.get("rope_scaling");
        return older.isObject() && !older.isEmpty() && !local ? older : own;
    }

    private Rope rope(String kind) {
        JsonNode scaling = scaling(kind);
        boolean local = family == Family.GEMMA3 && kind.equals(SLIDING);
        double theta = local
                ? keys.number("rope_local_base_freq").orElse(1e4)
                : keys.number("rope_theta").orElse(1e4);
        JsonNode nested = keys.get("rope_parameters").path(kind);
        theta = scaling.path("rope_theta").asDouble(nested.path("rope_theta").asDouble(theta));
        double share = scaling.path("partial_rotary_factor")
                .asDouble(keys.number("partial_rotary_factor").orElse(1.0));
        var reader = new RopeScalingReader(file, keys, scaling, (int) (headSize * share));
        return new Rope(theta, share, reader.read(family == Family.PHI3));
    }
}
