package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiTokenizerTest {

    @Test
    void aFineTunedModelCountsAsItsBase() {
        var encodings = Map.ofEntries(Map.entry("gpt-4.1-mini-2025-04-14", "o200k_base"), Map.entry(
                "ft:gpt-4.1-mini-2025-04-14:acme::abc", "o200k_base"), Map.entry("ft:gpt-4o:acme:x:abc", "o200k_base"),
                Map.entry("ft:gpt-4o", "o200k_base"), Map.entry("ft:gpt-4-0613:acme::x", "cl100k_base"), Map.entry(
                        "gpt-4", "cl100k_base"),
                Map.entry("gpt-4-turbo", "cl100k_base"), Map.entry(
                        "ft:gpt-3.5-turbo-0125:a::b", "cl100k_base"),
                Map.entry("ft:babbage-002:a::b", "cl100k_base"),
                Map.entry("o4-mini-2025-04-16", "o200k_base"), Map.entry("gpt-oss-20b", "o200k_harmony"), Map.entry(
                        "gpt-9-future", "o200k_base"),
                Map.entry("", "o200k_base"), Map.entry("text-davinci-003",
                        "p50k_base"),
                Map.entry("davinci", "r50k_base"));
        encodings.forEach((model, encoding) -> assertThat(OpenAiTokenizer.forModel(model).encodingName()).as(model)
                .isEqualTo(encoding));
    }

    @Test
    void givesTiktokensIds() {
        assertThat(OpenAiTokenizer.forModel("gpt-4o").encode("hello world")).containsExactly(24912, 2375);
        assertThat(OpenAiTokenizer.forModel("gpt-4").encode("hello world")).containsExactly(15339, 1917);
        assertThat(OpenAiTokenizer.forModel("gpt-4").encode("tiktoken is great!")).containsExactly(83, 1609, 5963, 374,
                2294, 0);
        assertThat(OpenAiTokenizer.forModel("text-davinci-003").encode("hello world")).containsExactly(31373, 995);
        assertThat(OpenAiTokenizer.forModel("gpt2").encode("hello world")).containsExactly(31373, 995);
    }

    @Test
    void recognisesSpecialTokensInText() {
        var tokenizer = OpenAiTokenizer.forModel("gpt-4o");
        int[] ids = tokenizer.encode("a<|endoftext|>b<|endoftext");

        assertThat(ids).contains(199_999);
        assertThat(tokenizer.decode(ids, false)).isEqualTo("a<|endoftext|>b<|endoftext");
        assertThat(tokenizer.decode(ids, true)).isEqualTo("ab<|endoftext");
        assertThat(tokenizer.idOf("<|endoftext|>")).isEqualTo(199_999);
        assertThat(tokenizer.idOf("hello world")).isEqualTo(-1);
        assertThat(tokenizer.vocabularySize()).isEqualTo(200_019);
        assertThat(tokenizer.decode(new int[]{200_005}, false)).isEmpty();
        assertThat(OpenAiTokenizer.forModel("gpt-oss-20b").encode("<|start|>")).containsExactly(200_006);
    }

    @Test
    void takesOddUnicodeAndLongRuns() {
        for (String model : new String[]{"gpt-4o", "gpt-4", "gpt2"}) {
            var tokenizer = OpenAiTokenizer.forModel(model);
            for (String text : new String[]{"", "\u0000", "naïve 😀 👩‍👩‍👧", "\uFEFFx", "  \n\n\t ",
                    "a".repeat(20_000), "東京".repeat(
                            500)}) {
                assertThat(tokenizer.decode(tokenizer.encode(text), false)).isEqualTo(text);
            }
            assertThat(tokenizer.decode(tokenizer.encode("x\uD83Dy"), false)).isEqualTo("x\uFFFDy");
            assertThat(tokenizer.decode(new int[]{-1, tokenizer.vocabularySize(), Integer.MAX_VALUE}, false)).isEmpty();
        }
    }
}
