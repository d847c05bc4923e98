package dev.attune.engine.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class GgufTokenizerTest {
    private static final Path TINY = Path.of("..", "fixtures", "tiny-chat");
    private static final String PIECES = """
            {"added_tokens": [{"id": 1, "content": "<s>", "special": true}, {"id": 2, "content": "</s>", "special": true},
              {"id": 9, "content": "[X]", "special": false}],
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}]},
             "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
               {"Sequence": {"id": "A", "type_id": 0}}]},
             "model": {"type": "BPE", "byte_fallback": true, "unk_token": "<unk>",
               "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "<0x41>": 3, "a": 4, "b": 5, "ab": 6, "abb": 7, "zz": 8},
               "merges": ["a b", "ab b", "a bb"]}}""";

    @TempDir
    Path dir;

    private Map<String, GgufValue> keys(Problems problems) {
        return GgufTokenizer.of(dir, ModelConfig.read(TINY), problems);
    }

    private void files(String tokenizer) throws IOException {
        Files.writeString(dir.resolve("tokenizer.json"), tokenizer);
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
    }

    @Test
    void aByteLevelTokenizerIsCarriedWithTemplateAndStopToken() {
        var problems = new Problems();
        Map<String, GgufValue> keys = GgufTokenizer.of(TINY, ModelConfig.read(TINY), problems);
        assertThat(keys).containsEntry("tokenizer.ggml.model", new GgufValue.Text("gpt2"))
                .containsEntry("tokenizer.ggml.eot_token_id", new GgufValue.Whole(2))
                .containsEntry("tokenizer.ggml.add_bos_token", new GgufValue.Flag(false))
                .containsKeys("tokenizer.chat_template", "tokenizer.ggml.merges")
                .doesNotContainKey("tokenizer.ggml.scores");
        // As many tokens as the embedding has rows.
        assertThat(((GgufValue.Texts) keys.get("tokenizer.ggml.tokens")).texts())
                .hasSize(ModelConfig.read(TINY).vocabularySize()).startsWith("<|endoftext|>", "<|im_start|>");
    }

    @Test
    void piecesHaveScoresByWhatIsMergedFirst() throws IOException {
        files(PIECES);
        var problems = new Problems();
        Map<String, GgufValue> keys = keys(problems);
        assertThat(keys).containsEntry("tokenizer.ggml.model", new GgufValue.Text("llama"))
                .containsEntry("tokenizer.ggml.add_space_prefix", new GgufValue.Flag(true))
                .containsEntry("tokenizer.ggml.add_bos_token", new GgufValue.Flag(true))
                .containsEntry("tokenizer.ggml.bos_token_id", new GgufValue.Whole(1));
        assertThat(((GgufValue.Reals) keys.get("tokenizer.ggml.scores")).numbers()).startsWith(0f, 0f, 0f, 0f, 0f, 0f,
                -1f, -2f, -1e9f);
        assertThat(((GgufValue.Wholes) keys.get("tokenizer.ggml.token_type")).numbers()).startsWith(2, 3, 3, 6, 1, 1,
                1, 1, 1, 4, 5);
        assertThat(problems.remarks()).singleElement().asString().contains("no chat template");
    }

    @Test
    void anotherKindOfTokenizerIsInTheWay() throws IOException {
        files("{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}");
        var problems = new Problems();
        keys(problems);
        assertThatThrownBy(problems::check).isInstanceOf(EngineException.class).hasMessageContaining("Unigram");
        files("{");
        assertThatThrownBy(() -> keys(new Problems())).isInstanceOf(EngineException.class)
                .hasMessageContaining("tokenizer.json cannot be read");
    }

    @Test
    void whatLlamaCppDoesNotDoToATextIsSaid() throws IOException {
        files(PIECES.replace("\"post_processor\"",
                "\"pre_tokenizer\": {\"type\": \"Metaspace\", \"prepend_scheme\": \"first\"}, \"post_processor\""));
        var spaces = new Problems();
        keys(spaces);
        assertThat(spaces.remarks()).anyMatch(remark -> remark.contains("begins with one already"));
        files(PIECES.replace("{\"type\": \"Prepend\", \"prepend\": \"▁\"}", "{\"type\": \"NFC\"}"));
        var accents = new Problems();
        keys(accents);
        assertThat(accents.remarks()).anyMatch(remark -> remark.contains("NFC"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {"{\"type\":\"ByteLevel\",\"use_regex\":true} ~ gpt-2 ~ true",
            "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\",\"individual_digits\":true},"
                    + "{\"type\":\"ByteLevel\",\"use_regex\":true}]} ~ smollm ~ true",
            "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":\"x[\\\\r\\\\n]*{1,3}\"}},"
                    + "{\"type\":\"ByteLevel\",\"use_regex\":false}]} ~ llama-bpe ~ false",
            "{\"type\":\"Whitespace\"} ~ gpt-2 ~ false"})
    void theWayOfCuttingHasAName(String json, String name, boolean exact) {
        GgufPreTokenizer found = GgufPreTokenizer.of(JsonMapper.builder().build().readTree(json));
        assertThat(found).isEqualTo(new GgufPreTokenizer(name, exact));
    }
}
