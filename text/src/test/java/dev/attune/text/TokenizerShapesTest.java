package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokenizers of the shapes that the families have, on random texts, against transformers; make_tokenizers.py wrote both. */
class TokenizerShapesTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "tokenizers");
    private static final JsonNode VECTORS = JsonMapper.builder().build().readTree(FOLDER.resolve("vectors.json"));

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "smollm2", "llama3", "qwen", "llama2", "mistral", "gemma", "phi3"})
    void idsAndTextsAreThoseOfTransformers(String shape) {
        try (var tokenizer = HuggingFaceTokenizer.open(FOLDER.resolve(shape))) {
            assertThat(VECTORS.path(shape).size()).isGreaterThan(150);
            for (JsonNode vector : VECTORS.path(shape)) {
                String text = vector.path("text").asString();
                int[] ids = vector.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
                assertThat(tokenizer.encode(text)).as(shape + " of " + text).isEqualTo(ids);
                assertThat(tokenizer.decode(ids, false)).as(shape + " of " + Arrays.toString(ids))
                        .isEqualTo(vector.path("decoded").asString());
                assertThat(tokenizer.decode(ids, true)).isEqualTo(vector.path("plain").asString());
            }
        }
    }
}
