package dev.attune.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a low-rank adapter (LoRA, Hu et al. 2021): ΔW = s·B·A.
 *
 * @param rank rows of A and columns of B, at least 1
 * @param alpha s is alpha / rank, or alpha / √rank if {@code rankStabilized}
 * @param targetModules names, or ends of names, of the linear layers that are adapted, such as {@code q_proj};
 *        {@code all-linear} is every one but the output head
 */
public record LoraConfig(int rank, double alpha, List<String> targetModules, boolean rankStabilized) {
    static final String ALL_LINEAR = "all-linear";

    public LoraConfig {
        targetModules = List.copyOf(targetModules);
        if (rank < 1) {
            throw new EngineException("The rank of an adapter is " + rank + "; it must be at least 1.");
        }
    }

    /** An adapter of all linear layers with alpha twice the rank. */
    public static LoraConfig allLinear(int rank) {
        return new LoraConfig(rank, 2.0 * rank, List.of(ALL_LINEAR), false);
    }

    /** s, by which B·A is multiplied. */
    public double scale() {
        return rankStabilized ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    boolean targets(String module) {
        return targetModules.stream().anyMatch(
                target -> target.equals(ALL_LINEAR) || module.equals(target) || module.endsWith("." + target));
    }

    /** The {@code adapter_config.json} that PEFT writes for such an adapter. */
    Map<String, Object> toJson(String baseModel) {
        var json = new LinkedHashMap<String, Object>();
        json.put("base_model_name_or_path", baseModel);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.put("lora_alpha", alpha == Math.rint(alpha) ? (Object) (long) alpha : (Object) alpha);
        json.put("lora_dropout", 0.0);
        json.put("modules_to_save", null);
        json.put("peft_type", "LORA");
        json.put("r", rank);
        json.put("rank_pattern", Map.of());
        json.put("alpha_pattern", Map.of());
        json.put("target_modules",
                targetModules.equals(List.of(ALL_LINEAR)) ? (Object) ALL_LINEAR : (Object) targetModules);
        json.put("task_type", "CAUSAL_LM");
        json.put("use_dora", false);
        json.put("use_rslora", rankStabilized);
        return json;
    }
}
