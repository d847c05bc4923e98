package dev.attune.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the configuration files of a model directory say about its special tokens.
 *
 * @param names the tokens by their part, such as {@code bos_token} and {@code eos_token}, from
 *         {@code tokenizer_config.json} and, where that is silent, {@code special_tokens_map.json}
 * @param endIds the {@code eos_token_id} of {@code generation_config.json} and {@code config.json}, one or several
 */
public record SpecialTokens(Map<String, String> names, Set<Integer> endIds) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> PARTS = List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token",
            "cls_token", "mask_token");

    /**
     * Reads a model directory.
     *
     * @throws TextException where a file is not readable JSON
     */
    public static SpecialTokens read(Path modelDir) {
        var names = new LinkedHashMap<String, String>();
        for (String file : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            JsonNode json = json(modelDir.resolve(file));
            for (String part : PARTS) {
                JsonNode token = json.path(part);
                String content = token.isObject() ? token.path("content").asString("") : token.asString("");
                if (!content.isEmpty()) {
                    names.putIfAbsent(part, content);
                }
            }
        }
        var ids = new TreeSet<Integer>();
        for (String file : List.of("generation_config.json", "config.json")) {
            JsonNode json = json(modelDir.resolve(file));
            collect(json.path("eos_token_id"), ids);
            collect(json.path("text_config").path("eos_token_id"), ids);
        }
        return new SpecialTokens(names, ids);
    }

    private static void collect(JsonNode value, Set<Integer> ids) {
        if (value.isIntegralNumber()) {
            ids.add(value.asInt());
        } else if (value.isArray()) {
            value.forEach(each -> collect(each, ids));
        }
    }

    /** A JSON file of a model directory; the missing node where there is no such file. */
    public static JsonNode json(Path file) {
        if (!Files.isRegularFile(file)) {
            return JSON.missingNode();
        }
        try {
            return JSON.readTree(file);
        } catch (JacksonException e) {
            throw new TextException(file + " is not readable JSON (" + e.getOriginalMessage()
                    + "); copy it again from the base model.", e);
        }
    }
}
