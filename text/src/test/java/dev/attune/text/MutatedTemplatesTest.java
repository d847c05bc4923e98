package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Chat templates with pieces changed, cut out, doubled and put in at random, as damaged downloads and hand-made ones are: each is
 * rendered, or refused with a sentence. {@code -Dattune.rounds} makes more.
 */
class MutatedTemplatesTest {
    private static final int ROUNDS = Integer.getInteger("attune.rounds", 4_000);
    private static final Path FOLDER = Path.of("src/test/resources/templates");
    private static final List<String> PIECES = List.of("{{", "}}", "{%", "%}", "{#", "#}", "-", "'", "\"", "(", ")",
            "[",
            "]", "|", "~", "%", ":", ".", ",", "0", "-1", "99999999999", " or ", " not ", " if ", " else ", " in ",
            " is defined", " | tojson", " | length", "none", "true", "messages", "message.content", "loop.index0",
            "{% for m in messages %}", "{% endfor %}", "{% if true %}", "{% endif %}", "{% set x = 1 %}", "{% break %}",
            "namespace(a=1)", "range(9)", "'a' * 9", "\\", "\u0000", "\ud800", "(".repeat(400), "not ".repeat(400),
            "{% if a %}".repeat(400));
    private static final Conversation TALK = new Conversation(List.of(new Message.System("Be brief."),
            new Message.User("hi"), new Message.Assistant("hello", List.of(new ToolCall("c1", "f", "{\"a\": 1}")), 1),
            new Message.Tool("7", "c1"), new Message.Assistant("It is 7.")),
            List.of(Map.of("type", "function", "function", Map.of("name", "f", "description", "d", "parameters",
                    Map.of("type", "object", "properties", Map.of("a", Map.of("type", "number")))))));

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".jinja")).sorted().map(file -> {
                try {
                    return Files.readString(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        }
    }

    @Test
    void areRenderedOrRefused() throws IOException {
        long seed = Long.getLong("attune.seed", new Random().nextLong());
        System.out.println("MutatedTemplatesTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        List<String> sources = sources();
        int rendered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String source = sources.get(round % sources.size());
            for (int i = random.nextInt(3); i >= 0 && round >= sources.size(); i--) {
                source = mutated(source, random);
            }
            rendered += isRendered(round, source) ? 1 : 0;
        }
        assertThat(rendered).isBetween(ROUNDS / 20, ROUNDS - ROUNDS / 20);
    }

    private static boolean isRendered(int round, String source) {
        return Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            try {
                return !ChatTemplate.parse(source, Map.of("bos_token", "<s>", "eos_token", "</s>")).render(TALK, true)
                        .isEmpty();
            } catch (TextException e) {
                assertThat(e.getMessage()).isNotBlank();
                return false;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("round " + round + ": " + source, e);
            }
        });
    }

    private static String mutated(String source, Random random) {
        int from = random.nextInt(source.length() + 1);
        int to = Math.min(source.length(), from + random.nextInt(12));
        String middle = switch (random.nextInt(4)) {
            case 0 -> Character.toString((char) random.nextInt(128));
            case 1 -> PIECES.get(random.nextInt(PIECES.size())) + source.substring(from, to);
            case 2 -> source.substring(from, to).repeat(2);
            default -> "";
        };
        return source.substring(0, from) + middle + source.substring(to);
    }
}
