package dev.attune.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.Dataset;
import dev.attune.text.HuggingFaceTokenizer;
import dev.attune.text.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ExampleDatasetsTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @Test
    void theCommittedFilesAreWhatTheCodeMakes() throws IOException {
        for (var entry : ExampleDatasets.files().entrySet()) {
            assertThat(Files.readString(EXAMPLES.resolve(entry.getKey()))).as(entry.getKey())
                    .isEqualTo(entry.getValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"support-tickets/tickets.jsonl", "message-routing/messages.jsonl",
            "house-style/notes.jsonl"})
    void eachIsValidUniqueShortAndWithoutContradiction(String file) {
        var data = Dataset.read(EXAMPLES.resolve(file));
        assertThat(data.problems()).isEmpty();
        assertThat(data.rows()).hasSizeBetween(400, 1_200);
        var answers = new HashMap<String, String>();
        try (var tokenizer = HuggingFaceTokenizer.open(Path.of("..", "models", "attune-nano"))) {
            for (var row : data.rows()) {
                List<Message> messages = row.conversation().messages();
                String asked = messages.get(1).content();
                assertThat(answers.put(asked.toLowerCase(Locale.ROOT), messages.get(2).content())).as(asked).isNull();
                int tokens = messages.stream().mapToInt(message -> tokenizer.encode(message.content()).length + 5)
                        .sum();
                assertThat(tokens).as(asked).isLessThan(150);
            }
        }
    }

    @Test
    void aTicketNamesTheProductThatItsAnswerGives() {
        var json = JsonMapper.builder().build();
        var kinds = new HashSet<String>();
        for (var row : Dataset.read(EXAMPLES.resolve("support-tickets/tickets.jsonl")).rows()) {
            var answer = json.readTree(row.conversation().messages().get(2).content());
            String product = answer.get("product").asString();
            assertThat(row.conversation().messages().get(1).content().toLowerCase(Locale.ROOT))
                    .contains(product.substring(0, product.indexOf(' ')).toLowerCase(Locale.ROOT));
            kinds.add(answer.get("category").asString() + answer.get("priority").asString()
                    + answer.get("sentiment").asString());
        }
        assertThat(kinds).hasSizeGreaterThan(30);
    }
}
