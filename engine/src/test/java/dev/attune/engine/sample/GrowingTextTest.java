package dev.attune.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.train.JobFixture;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Tokenizer;
import org.junit.jupiter.api.Test;

class GrowingTextTest {
    private static final String TEXT = "Grüße aus 東京, naïve café 👩‍👩‍👧 and 🇩🇪!  Two  spaces\n\tand a tab.";

    @Test
    void charactersOfSeveralTokensComeWholeAndTheTextIsTheTokenizersOwn() {
        try (ChatEncoder encoder = ChatEncoder.open(JobFixture.BASE)) {
            Tokenizer tokenizer = encoder.tokenizer();
            int[] ids = tokenizer.encode(TEXT);
            var growing = new GrowingText(tokenizer);
            var text = new StringBuilder();
            for (int id : ids) {
                String piece = growing.append(id);
                assertThat(piece).doesNotContain("\uFFFD");
                text.append(piece);
            }
            text.append(growing.finish());

            assertThat(text).hasToString(TEXT).hasToString(tokenizer.decode(ids, true));
            assertThat(ids.length).as("a text that takes several tokens for one character")
                    .isGreaterThan(TEXT.length());
        }
    }

    @Test
    void aCharacterThatIsNeverCompletedIsMarkedAtTheEnd() {
        try (ChatEncoder encoder = ChatEncoder.open(JobFixture.BASE)) {
            int[] ids = encoder.tokenizer().encode("ok 東");
            var growing = new GrowingText(encoder.tokenizer());
            var text = new StringBuilder();
            for (int i = 0; i < ids.length - 1; i++) {
                text.append(growing.append(ids[i]));
            }
            assertThat(text).hasToString("ok ");
            assertThat(growing.finish()).isEqualTo("\uFFFD");
        }
    }
}
