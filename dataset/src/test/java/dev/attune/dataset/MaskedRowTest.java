package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.dataset.MaskedRow.Piece;
import dev.attune.text.ChatEncoder;
import dev.attune.text.Conversation;
import dev.attune.text.Message;
import dev.attune.text.TextException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows as the model sees them. */
class MaskedRowTest {
    private static final Path MODEL = Path.of("..", "fixtures", "tiny-chat");
    private static final String TURNS = "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"first\",\"weight\":0},"
            + "{\"role\":\"user\",\"content\":\"b\"},{\"role\":\"assistant\",\"content\":\"second\"}";

    private static Row row(String json) {
        return Rows.of(List.of(json)).rows().getFirst();
    }

    @Test
    void theAnswerAndItsEndAreTrained() {
        try (ChatEncoder encoder = ChatEncoder.open(MODEL)) {
            MaskedRow row = MaskedRow.of(row(Rows.chat("What is blue?", "The sky.")), encoder);
            assertThat(row.pieces()).containsExactly(
                    new Piece("<|im_start|>user\nWhat is blue?<|im_end|>\n<|im_start|>assistant\n", false),
                    new Piece("The sky.<|im_end|>", true), new Piece("\n", false));
            assertThat(row.tokens().trained()).isEqualTo(encoder.tokenizer().encode("The sky.<|im_end|>").length);
        }
    }

    @Test
    void aTurnOfWeightZeroIsContext() {
        try (ChatEncoder encoder = ChatEncoder.open(MODEL)) {
            MaskedRow row = MaskedRow.of(row(Rows.messages(TURNS)), encoder);
            assertThat(row.pieces()).filteredOn(Piece::trained).extracting(Piece::text)
                    .containsExactly("second<|im_end|>");
        }
    }

    @Test
    void aRowWithoutATrueMaskIsRefused() {
        Row row = new Row(1, new Conversation(List.of(new Message.User("a"))),
                Map.of(), "{}");
        try (ChatEncoder encoder = ChatEncoder.open(MODEL)) {
            assertThatThrownBy(() -> MaskedRow.of(row, encoder)).isInstanceOf(TextException.class)
                    .hasMessageContaining("no token of the conversation would be trained");
        }
    }

    @Test
    void whereTheTemplateIsUnknownMessagesAreShown() {
        MaskedRow row = MaskedRow.byMessage(row(Rows.messages(TURNS)), conversation -> new TokenCount(9, 2));
        assertThat(row.pieces()).containsExactly(
                new Piece("[user]\na\n[assistant]\nfirst\n[user]\nb\n[assistant]\n", false), new Piece("second", true),
                new Piece("\n", false));
        assertThat(row.tokens()).isEqualTo(new TokenCount(9, 2));
    }
}
