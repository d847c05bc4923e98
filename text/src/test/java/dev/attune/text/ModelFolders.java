package dev.attune.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Model directories for the tests: a template, a tokenizer that knows the special tokens which the template writes. */
final class ModelFolders {
    static final Path TEMPLATES = Path.of("src", "test", "resources", "templates");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SPECIAL = Pattern
            .compile("<[|｜][^<>']{1,40}[|｜]>|</?s>|<(?:bos|eos|start_of_turn|end_of_turn)>"
                    + "|<BOS_TOKEN>|\\[/?(?:INST|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS)]");

    private ModelFolders() {}

    /** A directory with one of the templates, the byte-level tokenizer of the tiny model, and the special tokens. */
    static Path byteLevel(Path dir, String template, Map<String, String> special) throws IOException {
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(HuggingFaceTokenizerTest.TINY.resolve("tokenizer.json"));
        return write(dir, tokenizer, 496, template, special);
    }

    /** The same with a tokenizer of Llama 2's kind: SentencePiece with a blank before every text, and byte fallback. */
    static Path sentencePiece(Path dir, String template, Map<String, String> special) throws IOException {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.put("version", "1.0").putArray("added_tokens");
        var steps = tokenizer.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        steps.addObject().put("type", "Prepend").put("prepend", "▁");
        steps.addObject().put("type", "Replace").put("content", "▁").putObject("pattern").put("String", " ");
        var decoders = tokenizer.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject().put("type", "Replace").put("content", " ").putObject("pattern").put("String", "▁");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
        var model = tokenizer.putObject("model").put("type", "BPE").put("unk_token", "<unk>").put("byte_fallback", true)
                .put("fuse_unk", true);
        var vocabulary = model.putObject("vocab").put("<unk>", 0);
        int id = 1;
        for (int b = 0; b < 256; b++) {
            vocabulary.put(String.format("<0x%02X>", b), id++);
        }
        for (char c = ' '; c <= '~'; c++) {
            vocabulary.put(c == ' ' ? "▁" : String.valueOf(c), id++);
        }
        var merges = model.putArray("merges");
        for (String pair : new String[]{"h e", "▁ a", "▁ he", "t h", "▁ th", "▁ ▁"}) {
            merges.add(pair);
            vocabulary.put(pair.replace(" ", ""), id++);
        }
        return write(dir, tokenizer, id, template, special);
    }

    private static Path write(Path dir, ObjectNode tokenizer, int firstId, String template, Map<String, String> special)
            throws IOException {
        Files.createDirectories(dir);
        String source = Files.readString(TEMPLATES.resolve(template));
        Set<String> tokens = new LinkedHashSet<>(special.values());
        SPECIAL.matcher(source).results().forEach(found -> tokens.add(found.group()));
        int id = firstId;
        for (String token : tokens) {
            var added = (ArrayNode) tokenizer.path("added_tokens");
            boolean known = added.valueStream().anyMatch(each -> each.path("content").asString().equals(token));
            if (!known) {
                added.addObject().put("id", id++).put("content", token).put("single_word", false).put("lstrip", false)
                        .put("rstrip", false).put("normalized", false).put("special", true);
            }
        }
        JSON.writeValue(dir.resolve("tokenizer.json"), tokenizer);
        Files.writeString(dir.resolve("chat_template.jinja"), source);
        JSON.writeValue(dir.resolve("tokenizer_config.json"), special);
        return dir;
    }
}
