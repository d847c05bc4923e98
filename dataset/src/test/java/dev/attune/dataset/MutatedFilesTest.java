package dev.attune.dataset;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Good files after random {@link Mutations}: the readers' properties hold for all of them. {@code -Dattune.rounds} makes more. */
class MutatedFilesTest {
    private static final int ROUNDS = Integer.getInteger("attune.rounds", 3_000);
    private static final List<String> GOOD = List.of(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Grüße 😀\"},{\"role\":\"assistant\",\"content\":\"\\u00e9 \\ud83d\\ude00\",\"weight\":1}]}",
            "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\"}}}}}],\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"n\\\":1e3}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"7\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"q\"}]},{\"role\":\"assistant\",\"content\":\"a\"}],\"n\":-0.0,\"m\":1.5E+300}",
            "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"a\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"b\"}]}");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whateverIsChanged() {
        long seed = Long.getLong("attune.seed", new Random().nextLong());
        System.out.println("MutatedFilesTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] file = bytes(String.join("\n", GOOD) + "\n");
            file = Mutations.some(file, random);
            try {
                ReaderProperties.check(file);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("round " + round + ": " + new String(file, StandardCharsets.ISO_8859_1), e);
            }
        }
    }
}
