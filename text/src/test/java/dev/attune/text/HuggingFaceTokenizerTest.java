package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceTokenizerTest {
    static final Path TINY = Path.of("..", "fixtures", "tiny-chat");

    @Test
    void recognisesSpecialTokensInTextAndAddsNone() {
        try (var tokenizer = HuggingFaceTokenizer.open(TINY)) {
            int[] ids = tokenizer.encode("<|im_start|>user\nhello<|im_end|>\n");

            assertThat(ids[0]).isEqualTo(1).isEqualTo(tokenizer.idOf("<|im_start|>"));
            assertThat(ids).containsOnlyOnce(2);
            assertThat(tokenizer.decode(ids, false)).isEqualTo("<|im_start|>user\nhello<|im_end|>\n");
            assertThat(tokenizer.decode(ids, true)).isEqualTo("user\nhello\n");
            assertThat(tokenizer.encode("")).isEmpty();
            assertThat(tokenizer.vocabularySize()).isEqualTo(496);
            assertThat(tokenizer.idOf("no such token")).isEqualTo(-1);
            assertThat(tokenizer.decode(new int[]{ids[2], 511, -1, ids[2]}, false))
                    .isEqualTo(tokenizer.decode(new int[]{ids[2], ids[2]}, false));
        }
    }

    @Test
    void takesOddUnicodeAsItIs() {
        try (var tokenizer = HuggingFaceTokenizer.open(TINY)) {
            for (String text : new String[]{"\u0000", "naïve 😀 👩‍👩‍👧", "\uFEFFx", "\u2028", "  \n\n\t ",
                    "\uDBFF\uDFFF"}) {
                assertThat(tokenizer.decode(tokenizer.encode(text), false)).isEqualTo(text);
            }
            assertThat(tokenizer.decode(tokenizer.encode("😀\uD83D é"), false)).isEqualTo("😀\uFFFD é");
        }
    }

    @Test
    void saysWhichFileIsMissingOrMalformed(@TempDir Path dir) throws IOException {
        assertThatThrownBy(() -> HuggingFaceTokenizer.open(dir)).isInstanceOf(TextException.class)
                .hasMessageContaining(dir.resolve("tokenizer.json").toString());
        for (String content : new String[]{"", "[]", "{\"model\": {\"vocab\": {\"a\": ",
                "{\"model\":{\"vocab\":{\"a\":0}}}",
                "{\"version\":\"1.0\"}"}) {
            Files.writeString(dir.resolve("tokenizer.json"), content);
            assertThatThrownBy(() -> HuggingFaceTokenizer.open(dir)).isInstanceOf(TextException.class)
                    .hasMessageContaining("tokenizer.json").hasMessageNotContaining("\n");
        }
    }

    @Test
    void ignoresTruncationAndPaddingOfTheFile(@TempDir Path dir) throws IOException {
        String json = Files.readString(TINY.resolve("tokenizer.json"));
        Files.writeString(dir.resolve("tokenizer.json"), json
                .replace("\"truncation\": null",
                        "\"truncation\": {\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":0}")
                .replace("\"padding\": null", "\"padding\": {\"strategy\":{\"Fixed\":64},\"direction\":\"Right\","
                        + "\"pad_to_multiple_of\":null,\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"<|endoftext|>\"}"));
        try (var plain = HuggingFaceTokenizer.open(TINY); var odd = HuggingFaceTokenizer.open(dir)) {
            String text = "a text of more than four tokens";
            assertThat(odd.encode(text)).isEqualTo(plain.encode(text)).hasSizeGreaterThan(4);
        }
    }

    @Test
    void refusesToWorkAfterClose() {
        var tokenizer = HuggingFaceTokenizer.open(TINY);
        tokenizer.close();
        tokenizer.close();

        assertThatThrownBy(() -> tokenizer.encode("x")).isInstanceOf(IllegalStateException.class);
    }
}
