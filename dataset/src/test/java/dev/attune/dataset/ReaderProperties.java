package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What must be true of the strict readers whatever bytes they are given: they do not throw, what is wrong has a line of the
 * file, a file without rows has a problem, reading again says the same, and a row that is handed over is UTF-8 by Java's own
 * decoder and JSON by Jackson's strict parser, with the same content.
 */
final class ReaderProperties {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private ReaderProperties() {}

    static void check(byte[] content) {
        List<byte[]> lines = lines(content);
        Dataset chat = Dataset.parse(Path.of("any.jsonl"), content, FilePart.TEST);
        problems(chat.problems(), lines.size());
        if (chat.rows().isEmpty()) {
            assertThat(chat.problems()).isNotEmpty();
        }
        int last = 0;
        for (Row row : chat.rows()) {
            assertThat(row.line()).isGreaterThan(last).isLessThanOrEqualTo(lines.size());
            last = row.line();
            String line = decoded(lines.get(row.line() - 1), row.line() == 1);
            assertThat(row.json()).isEqualTo(line);
            assertThat(JACKSON.valueToTree(row.raw()).toString())
                    .isEqualTo(JACKSON.valueToTree(JACKSON.readValue(line, Object.class)).toString());
        }
        assertThat(Dataset.parse(Path.of("any.jsonl"), content, FilePart.TEST).problems()).isEqualTo(chat.problems());
        preferences(content, lines.size());
    }

    private static void problems(List<Problem> problems, int lines) {
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.line()).isBetween(0, lines);
            assertThat(problem.message()).isNotBlank();
        });
    }

    private static void preferences(byte[] content, int lines) {
        var problems = new ArrayList<Problem>();
        var rows = new ArrayList<PreferenceRow>();
        try {
            PreferenceReader.read(new ByteArrayInputStream(content), "any.jsonl", FilePart.TEST,
                    new PreferenceReader.Listener() {
                        @Override
                        public void row(PreferenceRow row) {
                            rows.add(row);
                        }

                        @Override
                        public void problem(Problem problem) {
                            problems.add(problem);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        problems(problems, lines);
        assertThat(rows.isEmpty() && problems.isEmpty()).isFalse();
    }

    private static List<byte[]> lines(byte[] content) {
        var lines = new ArrayList<byte[]>();
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                lines.add(Arrays.copyOfRange(content, from, i));
                from = i + 1;
            }
        }
        lines.add(Arrays.copyOfRange(content, from, content.length));
        return lines;
    }

    private static String decoded(byte[] line, boolean first) {
        int start = first && line.length >= 3 && Arrays.equals(line, 0, 3, MARK, 0, 3) ? 3 : 0;
        int end = line.length > start && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, start, end - start)).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("a row that is not UTF-8 was handed over", e);
        }
    }
}
