package dev.attune.pretraining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The tokenizer of a model directory in Hugging Face's files: tokenizer.json, tokenizer_config.json, special_tokens_map.json. */
final class TokenizerFiles {
    /** The special tokens; ids from 0. */
    static final List<String> SPECIALS = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|reserved_0|>",
            "<|reserved_1|>", "<|reserved_2|>", "<|reserved_3|>",
            "<|reserved_4|>");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TokenizerFiles() {}

    static void write(Path dir, List<BpeTrainer.Merge> merges) throws IOException {
        var vocab = new LinkedHashMap<String, Integer>();
        SPECIALS.forEach(token -> vocab.put(token, vocab.size()));
        ByteAlphabet.all().forEach(token -> vocab.put(token, vocab.size()));
        merges.forEach(merge -> vocab.putIfAbsent(merge.joined(), vocab.size()));
        var added = new ArrayList<Map<String, Object>>();
        var decoder = new TreeMap<Integer, Object>();
        for (int id = 0; id < SPECIALS.size(); id++) {
            var flags = new LinkedHashMap<String, Object>();
            flags.put("content", SPECIALS.get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                flags.put(flag, false);
            }
            flags.put("special", true);
            decoder.put(id, flags);
            var token = new LinkedHashMap<String, Object>();
            token.put("id", id);
            token.putAll(flags);
            added.add(token);
        }
        var byteLevel = object("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex",
                false);
        var tokenizer = object("version", "1.0", "truncation", null, "padding", null, "added_tokens", added,
                "normalizer", null, "pre_tokenizer",
                object("type", "Sequence", "pretokenizers",
                        List.of(object("type", "Split", "pattern", Map.of("Regex", BpeTrainer.SPLIT), "behavior",
                                "Isolated", "invert", false), byteLevel)),
                "post_processor", null, "decoder", byteLevel, "model",
                object("type", "BPE", "dropout", null, "unk_token", null, "continuing_subword_prefix", null,
                        "end_of_word_suffix", null, "fuse_unk", false, "byte_fallback",
                        false, "ignore_merges", false, "vocab", vocab, "merges",
                        merges.stream().map(merge -> List.of(merge.left(), merge.right())).toList()));
        var config = object("added_tokens_decoder", decoder, "bos_token", null, "clean_up_tokenization_spaces", false,
                "eos_token", "<|im_end|>", "model_max_length", 1024,
                "pad_token", "<|endoftext|>", "tokenizer_class", "PreTrainedTokenizerFast", "unk_token", null);
        save(dir.resolve("tokenizer.json"), tokenizer);
        save(dir.resolve("tokenizer_config.json"), config);
        save(dir.resolve("special_tokens_map.json"), object("eos_token", "<|im_end|>", "pad_token", "<|endoftext|>"));
    }

    private static void save(Path file, Object content) throws IOException {
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n",
                StandardCharsets.UTF_8);
    }

    private static Map<String, Object> object(@org.jspecify.annotations.Nullable Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            put(map, String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }

    @SuppressWarnings("NullAway") // JSON null is a value of these files
    private static void put(Map<String, Object> map, String key, @org.jspecify.annotations.Nullable Object value) {
        map.put(key, value);
    }
}
