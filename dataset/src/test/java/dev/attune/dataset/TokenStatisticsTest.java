package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that are too long: cut as OpenAI does, or refused as Attune's trainer does. A character is a token. */
class TokenStatisticsTest {
    private static final TokenCounter CHARACTERS = new TokenCounter() {
        @Override
        public TokenCount count(Conversation conversation) {
            return cut(conversation, Integer.MAX_VALUE);
        }

        @Override
        public TokenCount cut(Conversation conversation, int limit) {
            int total = 0;
            int trained = 0;
            for (Message message : conversation.messages()) {
                int length = message.content().length();
                trained += message instanceof Message.Assistant ? Math.clamp((long) limit - total, 0, length) : 0;
                total += length;
            }
            return new TokenCount(Math.min(total, limit), trained);
        }
    };
    private static final List<Row> ROWS = Rows.of(List.of(Rows.chat("fits", "well"),
            Rows.chat("12345678", "answer"), Rows.chat("a question that is too long", "answer"))).rows();

    @Test
    void whereRowsAreCutTheLossIsSaidAndRowsWithoutAnswerAreErrors() {
        var tokens = TokenStatistics.of(ROWS, CHARACTERS, 10, Overlong.CUT);
        assertThat(tokens.truncation()).isEqualTo(new Truncation(10, 2, 4 + 23, 4 + 6, List.of(3)));
        assertThat(tokens.tooLong()).isEqualTo(2);
        assertThat(tokens.problems()).extracting(Problem::code).containsExactly("no_trained_tokens",
                "example_truncated");
        assertThat(tokens.problems().getFirst().toString())
                .startsWith("line 3: the row has 33 tokens and is cut at 10");
        assertThat(tokens.problems().getLast().message()).isEqualTo(
                "2 examples may be over the 10 token limit, they will be truncated during fine-tuning: 27 tokens, 10 of them trained, are lost at the end of lines 2, 3; shorten or split them");
    }

    @Test
    void whereTheyAreRefusedEachIsAnError() {
        var tokens = TokenStatistics.of(ROWS, CHARACTERS, 10, Overlong.REFUSED);
        assertThat(tokens.truncation()).isEqualTo(Truncation.NONE);
        assertThat(tokens.problems()).extracting(Problem::code).containsExactly("example_too_long",
                "example_too_long");
        assertThat(TokenStatistics.of(ROWS, CHARACTERS, 0, Overlong.REFUSED).problems()).isEmpty();
    }

    @Test
    void unlessACounterKnowsBetterWhatIsCutWasTrained() {
        TokenCounter rough = conversation -> new TokenCount(100, 30);
        assertThat(rough.cut(ROWS.getFirst().conversation(), 80)).isEqualTo(new TokenCount(80, 10));
        assertThat(rough.cut(ROWS.getFirst().conversation(), 20)).isEqualTo(new TokenCount(20, 0));
        assertThat(rough.cut(ROWS.getFirst().conversation(), 200)).isEqualTo(new TokenCount(100, 30));
    }
}
