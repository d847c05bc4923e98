package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.Tokenizer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The rule around the tokens, with a tokenizer whose tokens can be counted by eye: words and colons. */
class OpenAiTokenCounterTest {
    private static final Tokenizer WORDS = new Tokenizer() {
        @Override
        public int[] encode(String text) {
            return new int[(int) Arrays.stream(text.split("\\s+|(?<=:)|(?=:)")).filter(word -> !word.isEmpty())
                    .count()];
        }

        @Override
        public String decode(int[] ids, boolean skipSpecialTokens) {
            return "";
        }

        @Override
        public int vocabularySize() {
            return 1;
        }

        @Override
        public int idOf(String token) {
            return -1;
        }

        @Override
        public void close() {}
    };

    private static TokenCount count(String model, String line) {
        return TokenCounter.openAi(WORDS, model).count(Rows.withGood(line).rows().getLast().conversation());
    }

    @Test
    void aMessageIsThreeItsRoleAndItsText() {
        assertThat(count("gpt-4o", Rows.chat("Be very kind", "How are you", "I am fine today")))
                .isEqualTo(new TokenCount(3 + (3 + 1 + 3) + (3 + 1 + 3) + (3 + 1 + 4), 4));
    }

    @Test
    void aNameIsOneMoreThanItsText() {
        assertThat(count("gpt-4o", Rows.messages(
                "{\"role\":\"user\",\"content\":\"hi\",\"name\":\"Ann\"},{\"role\":\"assistant\",\"content\":\"hi\"}"))
                .total()).isEqualTo(3 + (3 + 1 + 1 + 1 + 1) + (3 + 1 + 1));
    }

    @Test
    void onlyAnswersOfWeightOneAreTrained() {
        assertThat(count("gpt-4o", Rows.messages(
                "{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"one two\",\"weight\":0},"
                        + "{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"three\"}"))
                .trained()).isEqualTo(1);
    }

    @Test
    void toolsAreCountedByTheCookbooksRule() {
        String tools = "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"Tells the weather.\","
                + "\"parameters\":{\"type\":\"object\",\"properties\":{\"unit\":{\"type\":\"string\",\"description\":\"The unit\",\"enum\":[\"c\",\"f\"]}}}}}],";
        String chat = Rows.chat("hi", "ok");
        int without = count("gpt-4o", chat).total();
        int function = 7 + 5;
        int property = 3 + 3 + 6 - 3 + (3 + 1) + (3 + 1);
        assertThat(count("gpt-4o-mini-2024-07-18", tools + chat.substring(1)).total())
                .isEqualTo(without + function + property + 12);
        assertThat(count("ft:gpt-3.5-turbo-0125:org::x", tools + chat.substring(1)).total())
                .isEqualTo(without + function + 3 + property + 12);
    }

    @Test
    void whatIsCutIsCutAtTheEnd() {
        var conversation = Rows.withGood(Rows.chat("Be very kind", "How are you", "I am fine today")).rows().getLast()
                .conversation();
        TokenCounter counter = TokenCounter.openAi(WORDS, "gpt-4o");
        assertThat(counter.cut(conversation, 25)).isEqualTo(counter.count(conversation));
        assertThat(counter.cut(conversation, 20)).isEqualTo(new TokenCount(20, 2));
        assertThat(counter.cut(conversation, 18)).isEqualTo(new TokenCount(18, 0));
    }
}
