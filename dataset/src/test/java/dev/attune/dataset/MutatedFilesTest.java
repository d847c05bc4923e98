package dev.attune.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Good files with bytes changed, cut out, doubled and put in at random: the readers' properties hold for all of them. */
class MutatedFilesTest {
    private static final int ROUNDS = 3_000;
    private static final List<String> GOOD = List.of(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Grüße 😀\"},{\"role\":\"assistant\",\"content\":\"\\u00e9 \\ud83d\\ude00\",\"weight\":1}]}",
            "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\"}}}}}],\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"n\\\":1e3}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"7\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"q\"}]},{\"role\":\"assistant\",\"content\":\"a\"}],\"n\":-0.0,\"m\":1.5E+300}",
            "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"a\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"b\"}]}");
    private static final List<byte[]> PIECES = List.of(bytes("\uFEFF"), bytes("\r\n"), bytes("\n\n"), bytes("{}"),
            bytes("[]"), bytes("null"), bytes("\\ud800"), bytes("\\u0000"), bytes("[".repeat(300)), bytes("\"a\":1,"),
            bytes(","), bytes("\\"), bytes("\""), bytes("1e999999"), bytes("-"), bytes("\u2028"),
            new byte[]{(byte) 0xC0, (byte) 0x80}, new byte[]{(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            new byte[]{(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, new byte[]{(byte) 0xFF}, new byte[]{0});

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
            for (int i = random.nextInt(4); i >= 0; i--) {
                file = mutated(file, random);
            }
            try {
                ReaderProperties.check(file);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("round " + round + ": " + new String(file, StandardCharsets.ISO_8859_1), e);
            }
        }
    }

    private static byte[] mutated(byte[] file, Random random) {
        int from = random.nextInt(file.length + 1);
        int to = Math.min(file.length, from + random.nextInt(20));
        var out = new ByteArrayOutputStream();
        out.write(file, 0, from);
        switch (random.nextInt(4)) {
            case 0 -> out.write(random.nextInt(256));
            case 1 -> {
                byte[] piece = PIECES.get(random.nextInt(PIECES.size()));
                out.write(piece, 0, piece.length);
                to = from;
            }
            case 2 -> {
                byte[] own = Arrays.copyOfRange(file, from, to);
                out.write(own, 0, own.length);
                out.write(own, 0, own.length);
            }
            default -> {
                // what stood there is cut out
            }
        }
        out.write(file, to, file.length - to);
        return out.toByteArray();
    }
}
