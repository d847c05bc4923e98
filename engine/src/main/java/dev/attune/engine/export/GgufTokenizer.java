package dev.attune.engine.export;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import dev.attune.text.ChatEncoder;
import dev.attune.text.ChatTemplate;
import dev.attune.text.SpecialTokens;
import dev.attune.text.TextException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model's {@code tokenizer.json}, special tokens and chat template as keys of GGUF. */
final class GgufTokenizer {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SPACE = "\u2581";

    private final Path modelDir;
    private final int rows;
    private final JsonNode json;
    private final Problems problems;
    private final Map<String, GgufValue> keys = new LinkedHashMap<>();

    /** The kinds of tokens, by llama.cpp's numbers from 1. */
    private enum Kind {
        NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE;

        int number() {
            return ordinal() + 1;
        }
    }

    private GgufTokenizer(Path modelDir, int rows, JsonNode json, Problems problems) {
        this.modelDir = modelDir;
        this.rows = rows;
        this.json = json;
        this.problems = problems;
    }

    /**
     * The keys of a model directory; those of a model without tokenizer where it has none.
     *
     * @throws EngineException where there is a tokenizer that GGUF has no form for
     */
    static Map<String, GgufValue> of(Path modelDir, ModelConfig config, Problems problems) {
        Path file = modelDir.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            problems.remark(modelDir + " has no tokenizer.json, so the GGUF has no tokenizer either.");
            return Map.of("tokenizer.ggml.model", new GgufValue.Text("no_vocab"));
        }
        try {
            var tokenizer = new GgufTokenizer(modelDir, config.vocabularySize(), JSON.readTree(file), problems);
            tokenizer.vocabulary(file);
            tokenizer.special(config);
            tokenizer.template();
            return tokenizer.keys;
        } catch (JacksonException e) {
            throw new EngineException(file + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private void vocabulary(Path file) {
        JsonNode model = json.path("model");
        if (!model.path("type").asString("BPE").equals("BPE")) {
            problems.add("its tokenizer is of the kind " + model.path("type").asString() + ", not BPE (" + file + ")");
            return;
        }
        var tokens = new String[rows];
        var kinds = new int[rows];
        for (int id = 0; id < rows; id++) {
            tokens[id] = "[PAD" + id + "]";
            kinds[id] = Kind.UNUSED.number();
        }
        boolean bytes = model.path("byte_fallback").asBoolean(false);
        String unknown = model.path("unk_token").asString("");
        model.path("vocab").forEachEntry((token, id) -> put(tokens, kinds, id.asInt(), token, token.equals(unknown)
                ? Kind.UNKNOWN
                : bytes && token.matches("<0x[0-9A-F]{2}>") ? Kind.BYTE : Kind.NORMAL));
        for (JsonNode added : json.path("added_tokens")) {
            String content = added.path("content").asString("");
            put(tokens, kinds, added.path("id").asInt(-1), content, content.equals(unknown) && bytes
                    ? Kind.UNKNOWN
                    : added.path("special").asBoolean(false) ? Kind.CONTROL : Kind.USER_DEFINED);
        }
        keys.put("tokenizer.ggml.model", new GgufValue.Text(bytes ? "llama" : "gpt2"));
        keys.put("tokenizer.ggml.pre", new GgufValue.Text(bytes ? "default" : preTokenizer()));
        keys.put("tokenizer.ggml.tokens", new GgufValue.Texts(Arrays.asList(tokens)));
        if (bytes) {
            keys.put("tokenizer.ggml.scores", new GgufValue.Reals(scores(tokens, kinds, model.path("merges"))));
            keys.put("tokenizer.ggml.add_space_prefix", new GgufValue.Flag(addsSpace()));
        } else {
            keys.put("tokenizer.ggml.merges", new GgufValue.Texts(merges(model.path("merges")).stream()
                    .map(pair -> pair.getFirst() + " " + pair.getLast()).toList()));
        }
        remarkOnText(bytes);
        keys.put("tokenizer.ggml.token_type", new GgufValue.Wholes(Arrays.stream(kinds).boxed().toList()));
    }

    /** What a tokenizer does to a text before it cuts it, and llama.cpp does not. */
    private void remarkOnText(boolean pieces) {
        if (search(json.path("normalizer"), "type", "NFC")) {
            problems.remark("llama.cpp does not compose letters and accents (NFC) before it tokenizes; texts that have"
                    + " them apart are tokenized otherwise there.");
        }
        if (pieces && search(json.path("pre_tokenizer"), "type", "Metaspace")) {
            problems.remark("llama.cpp puts a space before a text that begins with one already; such texts are"
                    + " tokenized otherwise there.");
        }
    }

    private static void put(String[] tokens, int[] kinds, int id, String token, Kind kind) {
        if (id >= 0 && id < tokens.length) {
            tokens[id] = token;
            kinds[id] = kind.number();
        }
    }

    private static List<List<String>> merges(JsonNode merges) {
        var pairs = new ArrayList<List<String>>();
        for (JsonNode merge : merges) {
            pairs.add(merge.isArray()
                    ? List.of(merge.path(0).asString(), merge.path(1).asString())
                    : List.of(merge.asString().split(" ", 2)));
        }
        return pairs;
    }

    /** What is merged first has the highest score; llama.cpp merges by that, SentencePiece's way. */
    private static List<Float> scores(String[] tokens, int[] kinds, JsonNode merges) {
        var ranks = new HashMap<String, Integer>();
        List<List<String>> pairs = merges(merges);
        for (int rank = 0; rank < pairs.size(); rank++) {
            ranks.putIfAbsent(pairs.get(rank).getFirst() + pairs.get(rank).getLast(), rank);
        }
        var scores = new ArrayList<Float>(Collections.nCopies(tokens.length, 0f));
        for (int id = 0; id < tokens.length; id++) {
            Integer rank = ranks.get(tokens[id]);
            if (rank != null) {
                scores.set(id, -1f - rank);
            } else if (kinds[id] == Kind.NORMAL.number() && tokens[id].codePointCount(0, tokens[id].length()) > 1) {
                // Never the product of a merge.
                scores.set(id, -1e9f);
            }
        }
        return scores;
    }

    private boolean addsSpace() {
        return search(json.path("normalizer"), "type", "Prepend")
                || search(json.path("pre_tokenizer"), "prepend_scheme", "always")
                || search(json.path("pre_tokenizer"), "prepend_scheme", "first")
                || search(json.path("pre_tokenizer"), "add_prefix_space", "true");
    }

    private static boolean search(JsonNode node, String key, String value) {
        return node.path(key).asString("").equals(value)
                || node.valueStream().anyMatch(child -> child.isContainer() && search(child, key, value));
    }

    private String preTokenizer() {
        GgufPreTokenizer found = GgufPreTokenizer.of(json.path("pre_tokenizer"));
        if (!found.exact()) {
            problems.remark("llama.cpp does not know how " + modelDir.resolve("tokenizer.json")
                    + " cuts text into words; the GGUF names " + found.name()
                    + ", the nearest, so some texts may be tokenized otherwise there.");
        }
        return found.name();
    }

    private void special(ModelConfig config) {
        SpecialTokens special = SpecialTokens.read(modelDir);
        var ids = new HashMap<String, Integer>();
        json.path("model").path("vocab").forEachEntry((token, id) -> ids.put(token, id.asInt()));
        json.path("added_tokens").forEach(each -> ids.put(each.path("content").asString(), each.path("id").asInt()));
        id("bos", Optional.ofNullable(ids.get(special.names().getOrDefault("bos_token", "")))
                .or(() -> Optional.of(config.bosTokenId()).filter(id -> id >= 0)));
        Optional<Integer> end = Optional.ofNullable(ids.get(special.names().getOrDefault("eos_token", "")))
                .or(() -> config.eosTokenIds().stream().findFirst());
        id("eos", end);
        id("unknown", Optional.ofNullable(ids.get(special.names().getOrDefault("unk_token", ""))));
        id("padding", Optional.ofNullable(ids.get(special.names().getOrDefault("pad_token", ""))));
        keys.put("tokenizer.ggml.add_bos_token", new GgufValue.Flag(addsBos(special)));
        keys.put("tokenizer.ggml.add_eos_token", new GgufValue.Flag(false));
    }

    private boolean addsBos(SpecialTokens special) {
        JsonNode said = SpecialTokens.json(modelDir.resolve("tokenizer_config.json")).path("add_bos_token");
        String bos = special.names().getOrDefault("bos_token", "");
        return !bos.isEmpty() && (said.isBoolean() ? said.asBoolean() : search(json.path("post_processor"), "id", bos));
    }

    private void id(String name, Optional<Integer> id) {
        id.filter(known -> known < rows)
                .ifPresent(known -> keys.put("tokenizer.ggml." + name + "_token_id", new GgufValue.Whole(known)));
    }

    private void template() {
        try (ChatEncoder encoder = ChatEncoder.open(modelDir)) {
            if (encoder.turnEndToken() >= 0) {
                id("eot", Optional.of(encoder.turnEndToken()));
            }
            ChatTemplate template = encoder.template();
            keys.put("tokenizer.chat_template", new GgufValue.Text(template.source()));
            if (!template.toolSource().equals(template.source())) {
                keys.put("tokenizer.chat_templates", new GgufValue.Texts(List.of("tool_use")));
                keys.put("tokenizer.chat_template.tool_use", new GgufValue.Text(template.toolSource()));
            }
        } catch (TextException e) {
            problems.remark("The GGUF has no chat template: " + e.getMessage());
        }
    }
}
