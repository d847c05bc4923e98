package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a low-rank adapter (LoRA, Hu et al. 2021): ΔW = s·B·A, with the settings that PEFT has for it.
 *
 * @param rank rows of A and columns of B, at least 1
 * @param alpha s is alpha / rank, or alpha / √rank if {@code rankStabilized} (Kalajdzievski 2023)
 * @param dropout share of the inputs of A that is left out while training, from 0 to below 1
 * @param targets the linear layers that are adapted
 * @param rankPattern other ranks of some layers, by the end of their name, as a regular expression; the first that fits
 *        counts
 * @param alphaPattern other alphas, likewise
 * @param embedding whether the embedding of the tokens is trained as well, whole and not as factors (PEFT's
 *        {@code modules_to_save}); where the output head is tied to it, the head is trained with it
 * @param magnitudes whether the lengths of the matrices' rows are trained apart from their directions (DoRA, Liu et al.
 *        2024; PEFT's {@code use_dora})
 */
public record LoraConfig(int rank, double alpha, double dropout, LoraTargets targets, boolean rankStabilized,
        Map<String, Integer> rankPattern, Map<String, Double> alphaPattern, boolean embedding,
        boolean magnitudes) {

    public LoraConfig {
        rankPattern = ordered(rankPattern);
        alphaPattern = ordered(alphaPattern);
        int first = rank;
        if (rank < 1 || rankPattern.values().stream().anyMatch(other -> other < 1)) {
            throw new EngineException("The rank of an adapter is "
                    + rankPattern.values().stream().filter(other -> other < 1).findFirst().orElse(first)
                    + "; it must be at least 1.");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new EngineException("The dropout of an adapter is " + dropout + "; it must be at least 0, below 1.");
        }
        rankPattern.keySet().forEach(LoraConfig::compiled);
        alphaPattern.keySet().forEach(LoraConfig::compiled);
    }

    private static <V> Map<String, V> ordered(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** An adapter of one rank without dropout. */
    public static LoraConfig of(int rank, double alpha, LoraTargets targets) {
        return new LoraConfig(rank, alpha, 0, targets, false, Map.of(), Map.of(), false, false);
    }

    /** An adapter of all linear layers with alpha twice the rank. */
    public static LoraConfig allLinear(int rank) {
        return of(rank, 2.0 * rank, LoraTargets.allLinear());
    }

    /** The same with dropout. */
    public LoraConfig withDropout(double rate) {
        return new LoraConfig(rank, alpha, rate, targets, rankStabilized, rankPattern, alphaPattern, embedding,
                magnitudes);
    }

    /** The same with s = alpha / √rank. */
    public LoraConfig stabilized() {
        return new LoraConfig(rank, alpha, dropout, targets, true, rankPattern, alphaPattern, embedding,
                magnitudes);
    }

    /** The same with other ranks and alphas for some layers. */
    public LoraConfig withPatterns(Map<String, Integer> ranks, Map<String, Double> alphas) {
        return new LoraConfig(rank, alpha, dropout, targets, rankStabilized, ranks, alphas, embedding, magnitudes);
    }

    /** The same with other targets. */
    public LoraConfig withTargets(LoraTargets others) {
        return new LoraConfig(rank, alpha, dropout, others, rankStabilized, rankPattern, alphaPattern, embedding,
                magnitudes);
    }

    /** The same with the embedding of the tokens trained as well. */
    public LoraConfig withEmbedding() {
        return new LoraConfig(rank, alpha, dropout, targets, rankStabilized, rankPattern, alphaPattern, true,
                magnitudes);
    }

    /** The same with magnitudes of their own for the rows of the matrices (DoRA). */
    public LoraConfig withMagnitudes() {
        return new LoraConfig(rank, alpha, dropout, targets, rankStabilized, rankPattern, alphaPattern, embedding,
                true);
    }

    /**
     * Looks at what can be applied but not trained.
     *
     * @throws EngineException where there is something
     */
    public void requireTrainable() {
        if (magnitudes && dropout > 0) {
            throw new EngineException("An adapter with magnitudes (use_dora) is trained without dropout, not with "
                    + dropout + "; set lora_dropout to 0.");
        }
    }

    public boolean targets(String module) {
        return targets.contains(module);
    }

    /** The rank of one layer. */
    public int rank(String module) {
        return fitting(rankPattern, module, rank);
    }

    /** s of one layer, by which B·A is multiplied. */
    public double scale(String module) {
        double own = fitting(alphaPattern, module, alpha);
        return rankStabilized ? own / Math.sqrt(rank(module)) : own / rank(module);
    }

    private static <V> V fitting(Map<String, V> patterns, String module, V otherwise) {
        return patterns.entrySet().stream().filter(entry -> compiled(entry.getKey()).matcher(module).matches())
                .map(Map.Entry::getValue).findFirst().orElse(otherwise);
    }

    /** A pattern stands for the end of a name, from the start of one of its parts. */
    private static Pattern compiled(String pattern) {
        try {
            return Pattern.compile("(.*\\.)?(" + pattern + ")");
        } catch (PatternSyntaxException e) {
            throw new EngineException("The pattern \"" + pattern + "\" of an adapter's ranks or alphas is not a regular"
                    + " expression: " + e.getDescription() + ".", e);
        }
    }

    /**
     * The {@code adapter_config.json} that PEFT writes for such an adapter.
     *
     * @param base the model it is for
     */
    public Map<String, Object> toJson(String baseModel, ModelConfig base) {
        var json = new LinkedHashMap<String, Object>();
        json.put("base_model_name_or_path", baseModel);
        json.put("bias", "none");
        json.put("ensure_weight_tying", embedding && base.tiedEmbeddings());
        json.put("fan_in_fan_out", base.family().has(Family.Trait.CONV1D));
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.put("lora_alpha", number(alpha));
        json.put("lora_dropout", dropout);
        json.put("modules_to_save", embedding ? List.of(new ModelLayout(base).embeddingModule()) : null);
        json.put("peft_type", "LORA");
        json.put("r", rank);
        json.put("rank_pattern", rankPattern);
        var alphas = new LinkedHashMap<String, Object>();
        alphaPattern.forEach((pattern, value) -> alphas.put(pattern, number(value)));
        json.put("alpha_pattern", alphas);
        json.put("target_modules", targets.toJson());
        json.put("task_type", "CAUSAL_LM");
        json.put("use_dora", magnitudes);
        json.put("use_rslora", rankStabilized);
        return json;
    }

    private static Object number(double value) {
        return value == Math.rint(value) ? (Object) (long) value : (Object) value;
    }
}
