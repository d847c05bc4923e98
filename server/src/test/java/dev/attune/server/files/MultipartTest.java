package dev.attune.server.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Request;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartTest {
    private static final String BOUNDARY = "--boundary-0123456789";

    private record Piece(String name, String filename, byte[] content) {}

    @Test
    void randomPartsInRandomPortionsComeBackByteForByte() throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("MultipartTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Piece> sent = pieces(random);

            List<Piece> received = read(body(sent), random);

            assertThat(received).as("round " + round).hasSameSizeAs(sent);
            for (int i = 0; i < sent.size(); i++) {
                assertThat(received.get(i).name()).isEqualTo(sent.get(i).name());
                assertThat(received.get(i).filename()).isEqualTo(sent.get(i).filename());
                assertThat(Arrays.equals(received.get(i).content(), sent.get(i).content())).as("round " + round)
                        .isTrue();
            }
        }
    }

    /** Content that looks almost like a boundary (eight characters short of it), in sizes around the buffer's. */
    private static List<Piece> pieces(Random random) {
        var pieces = new ArrayList<Piece>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            var content = new ByteArrayOutputStream();
            int length = random.nextInt(4) == 0 ? 60_000 + random.nextInt(12_000) : random.nextInt(300);
            while (content.size() < length) {
                switch (random.nextInt(5)) {
                    case 0 ->
                        content.writeBytes(("\r\n--" + BOUNDARY.substring(0, random.nextInt(BOUNDARY.length() - 8)))
                                .getBytes(StandardCharsets.US_ASCII));
                    case 1 -> content.write('\r');
                    case 2 -> content.write('\n');
                    default -> content.write(random.nextInt(256));
                }
            }
            pieces.add(new Piece("part" + i, random.nextBoolean() ? "" : "a \"name\".jsonl", content.toByteArray()));
        }
        return pieces;
    }

    private static byte[] body(List<Piece> pieces) {
        var body = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            String filename = piece.filename().isEmpty()
                    ? ""
                    : "; filename=\"" + piece.filename().replace("\"", "\\\"") + "\"";
            body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + piece.name() + "\""
                    + filename + "\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(piece.content());
            body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    private static List<Piece> read(byte[] body, Random random) throws IOException {
        var portions = new FilterInputStream(new ByteArrayInputStream(body)) {
            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return super.read(bytes, from, Math.min(length, 1 + random.nextInt(5000)));
            }
        };
        var pieces = new ArrayList<Piece>();
        var multipart = Multipart.of(request(portions));
        for (var part = multipart.next(); part != Multipart.Part.END; part = multipart.next()) {
            var content = new ByteArrayOutputStream();
            multipart.copy(content);
            pieces.add(new Piece(part.name(), part.filename(), content.toByteArray()));
        }
        return pieces;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "--other\r\n", "----boundary-0123456789",
            "----boundary-0123456789\r\nContent-Disposition: form-data; name=\"a\"",
            "----boundary-0123456789\r\n\r\nbody without an end", "----boundary-0123456789 x\r\n"})
    void bodyThatBreaksOffIsRefused(String body) {
        var multipart = Multipart.of(request(new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII))));

        assertThatThrownBy(() -> {
            multipart.next();
            multipart.next();
        }).isInstanceOf(ApiException.class).hasMessageStartingWith("The multipart body cannot be read");
    }

    private static Request request(InputStream body) {
        return new Request() {
            @Override
            public String id() {
                return "req_test";
            }

            @Override
            public String part(String name) {
                return "";
            }

            @Override
            public Map<String, List<String>> query() {
                return Map.of();
            }

            @Override
            public String header(String name) {
                return "multipart/form-data; boundary=\"" + BOUNDARY + "\"";
            }

            @Override
            public long contentLength() {
                return -1;
            }

            @Override
            public InputStream body() {
                return body;
            }
        };
    }
}
