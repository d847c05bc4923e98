package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.ChatEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The report with the template and the tokenizer of a real model directory. */
class TinyChatTest {
    private static final Path MODEL = Path.of("..", "fixtures", "tiny-chat");

    @Test
    void tokensAreThoseThatTheModelIsTrainedOn() {
        try (ChatEncoder encoder = ChatEncoder.open(MODEL)) {
            DatasetReport report = DatasetReport.of(Rows.of(List.of(Rows.chat("What is blue?", "The sky."))), encoder);
            int answer = encoder.tokenizer().encode("The sky.<|im_end|>").length;
            int whole = encoder.tokenizer()
                    .encode("<|im_start|>user\nWhat is blue?<|im_end|>\n<|im_start|>assistant\nThe sky.<|im_end|>\n").length;
            assertThat(report.tokens().perRow()).containsExactly(new TokenCount(whole, answer));
            assertThat(report.tokens().trained().total()).isEqualTo(answer);
            assertThat(report.problems()).isEmpty();
        }
    }

    @Test
    void contextTurnsAreNotCountedAsTrained() {
        String row = Rows.messages(
                "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"first answer\",\"weight\":0},"
                        + "{\"role\":\"user\",\"content\":\"b\"},{\"role\":\"assistant\",\"content\":\"c\"}");
        try (ChatEncoder encoder = ChatEncoder.open(MODEL)) {
            TokenCount count = DatasetReport.of(Rows.of(List.of(row)), encoder).tokens().perRow().getFirst();
            assertThat(count.trained()).isEqualTo(encoder.tokenizer().encode("c<|im_end|>").length);
        }
    }

    @Test
    void rowsLongerThanTheContextAreNamed() {
        var lines = new ArrayList<String>();
        for (int words : new int[]{5, 400, 20}) {
            lines.add(Rows.chat("Say it often.", "word ".repeat(words).strip()));
        }
        try (ChatEncoder encoder = ChatEncoder.open(MODEL)) {
            DatasetReport report = DatasetReport.of(Rows.of(lines), encoder, 256);
            assertThat(report.tokens().tooLong()).isEqualTo(1);
            assertThat(report.problems().getFirst()).satisfies(problem -> {
                assertThat(problem.code()).isEqualTo("example_too_long");
                assertThat(problem.line()).isEqualTo(2);
                assertThat(problem.message()).endsWith("but the model takes at most 256; shorten it or split it");
            });
        }
    }
}
