package dev.attune.engine.export;

import dev.attune.engine.config.Family;
import dev.attune.engine.config.ModelConfig;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What llama.cpp calls the tensors of a checkpoint. */
final class GgufNames {
    private static final Pattern BLOCK = Pattern.compile("(?:layers|h)\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Map<String, String> OUTSIDE = Map.of("embed_tokens.weight", "token_embd.weight", "wte.weight",
            "token_embd.weight", "wpe.weight", "position_embd.weight", "norm.weight", "output_norm.weight",
            "ln_f.weight", "output_norm.weight", "ln_f.bias", "output_norm.bias", "lm_head.weight", "output.weight");
    private static final Map<String, String> MODULES = Map.ofEntries(Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"), Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"), Map.entry("self_attn.qkv_proj", "attn_qkv"),
            Map.entry("self_attn.q_norm", "attn_q_norm"), Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"), Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.gate_up_proj", "ffn_up"), Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("attn.c_attn", "attn_qkv"), Map.entry("attn.c_proj", "attn_output"),
            Map.entry("mlp.c_fc", "ffn_up"), Map.entry("mlp.c_proj", "ffn_down"), Map.entry("ln_1", "attn_norm"),
            Map.entry("ln_2", "ffn_norm"), Map.entry("input_layernorm", "attn_norm"),
            Map.entry("pre_feedforward_layernorm", "ffn_norm"),
            Map.entry("post_feedforward_layernorm", "post_ffw_norm"));

    private GgufNames() {}

    /** The name in GGUF of a tensor with its name in the checkpoint. */
    static String of(String name, ModelConfig config) {
        String rest = name.startsWith(config.prefix()) ? name.substring(config.prefix().length()) : name;
        Matcher block = BLOCK.matcher(rest);
        if (!block.matches()) {
            return known(OUTSIDE.get(rest), name);
        }
        String module = block.group(2).equals("post_attention_layernorm")
                ? config.family().has(Family.Trait.POST_NORMS) ? "post_attention_norm" : "ffn_norm"
                : known(MODULES.get(block.group(2)), name);
        return "blk." + block.group(1) + "." + module + "." + block.group(3);
    }

    private static String known(@org.jspecify.annotations.Nullable String found, String name) {
        if (found == null) {
            throw new IllegalStateException("no name in GGUF for " + name);
        }
        return found;
    }
}
