package dev.attune.dataset.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

    /** Rows as {@code line:object}, a row without object as {@code line!code}; then the file's problems. */
    private static List<String> read(RecordReader reader) throws IOException {
        var seen = new ArrayList<String>();
        for (SourceRow row = reader.next(); row != null; row = reader.next()) {
            for (Problem problem : row.problems()) {
                seen.add(problem.line() + "!" + problem.code());
            }
            if (row.object() != null) {
                seen.add(row.line() + ":" + row.object());
            }
        }
        reader.fileProblems().forEach(problem -> seen.add(problem.line() + "!" + problem.code()));
        return seen;
    }

    private static List<String> values(String content, boolean array) throws IOException {
        return read(new JsonValueRecords(
                new FileBytes(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), false), array));
    }

    private static RecordReader table(byte[] content, String... columns) {
        return new TableRecords(new FileBytes(new ByteArrayInputStream(content), false),
                new Container.Table(',', '"', true, List.of(columns)));
    }

    private static List<String> table(String content, String... columns) throws IOException {
        return read(table(content.getBytes(StandardCharsets.UTF_8), columns));
    }

    @Test
    void elementsOfAnArrayHaveTheLineThatTheyBeginOn() throws IOException {
        assertThat(values(" [\n{\"a\":\"]}\\\"{\"},\n\n{\n\"b\":[{}]\n}  , {\"c\":1}\n]\n", true))
                .containsExactly("2:{a=]}\"{}", "4:{b=[{}]}", "6:{c=1}");
        assertThat(values("[]", true)).isEmpty();
        assertThat(values("[{\"a\":1}, {\"b\":1},{\"c\":1}\n]", true)).as("rows that share a line are counted")
                .containsExactly("1:{a=1}", "2:{b=1}", "3:{c=1}");
        assertThat(values("[ \n ]", true)).isEmpty();
    }

    @Test
    void objectsSpreadOverLinesAreWhole() throws IOException {
        assertThat(values("{\n\"a\":1\n}\n{\n\"b\":\n2\n}{\"c\":3}", false)).containsExactly("1:{a=1}", "4:{b=2}",
                "7:{c=3}");
    }

    @Test
    void whatIsWrongInOneElementDoesNotHideTheNext() throws IOException {
        assertThat(values("[{\"a\":1},\n{\"b\":},\n{\n\"c\":1,\n\"c\":2},\n7,\n{\"d\":\"open\n},\n{\"e\":1}]", true))
                .containsExactly("1:{a=1}", "2!invalid_json", "5!duplicate_key", "3:{c=2}", "6!data_type",
                        "7!invalid_json", "9:{e=1}");
    }

    @Test
    void whatIsWrongBetweenElementsIsNamed() throws IOException {
        assertThat(values("[{\"a\":1}\n{\"b\":1},\n]", true)).containsExactly("1:{a=1}", "2:{b=1}", "2!invalid_json",
                "3!trailing_comma");
        assertThat(values("[{\"a\":1}]\n{\"b\":1}", true)).containsExactly("1:{a=1}", "2!invalid_json");
        assertThat(values("[{\"a\":1},\n", true)).containsExactly("1:{a=1}", "2!invalid_json");
        assertThat(values("[{\"a\":1},\n{\"b\":[", true)).containsExactly("1:{a=1}", "2!invalid_json");
    }

    @Test
    void recordsWithoutAFilledCellAreBlankLines() throws IOException {
        assertThat(table("q,a\nx,y\n,\n \t,\nz,w\n", "q", "a")).containsExactly("2:{q=x, a=y}", "5:{q=z, a=w}",
                "3!blank_line");
    }

    @Test
    void raggedRecordsAreOneSentence() throws IOException {
        RecordReader reader = table("q,a\n1,2\n\n3,4,5\n6\n7,8\n9,10,11\n".getBytes(StandardCharsets.UTF_8), "q", "a");
        assertThat(read(reader)).containsExactly("2:{q=1, a=2}", "6:{q=7, a=8}", "3!blank_line", "4!csv_ragged");
        assertThat(reader.fileProblems().getLast().message()).isEqualTo(
                "3 records, this one first, have another number of cells; it has 3 cell(s) where there are 2 columns; a delimiter in a cell without quotes is the usual cause");
    }

    @Test
    void cellsThatAreNotUtf8AreOneSentenceWithLineAndColumn() throws IOException {
        byte[] content = "q,a\n\"x\ny\",b\n\"c\nd\u00e9\",\u00e9\n\u00e9,e\n".getBytes(StandardCharsets.ISO_8859_1);
        RecordReader reader = table(content, "q", "a/b");
        assertThat(read(reader)).containsExactly("2:{q=x\ny, a/b=b}", "5!invalid_utf8");
        assertThat(reader.fileProblems().getFirst().toString()).isEqualTo(
                "line 5, /q: the cell holds the byte 0xE9, which is not UTF-8, and so do cells of 1 more record(s); save the file as UTF-8, or if it is from Excel: iconv -f WINDOWS-1252 -t UTF-8");
    }

    @Test
    void quotesThatDoNotMatchEndTheTableWithTheirLine() throws IOException {
        assertThat(table("q,a\n1,2\n3,\"open\n4,5\n", "q", "a")).containsExactly("2:{q=1, a=2}", "3!csv_quotes");
        assertThat(table("q,a\n1,2\n3,\"x\"y\n4,5\n", "q", "a")).containsExactly("2:{q=1, a=2}", "3!csv_quotes");
        assertThat(table("q,a\n1,x \"y\" z\n", "q", "a")).containsExactly("2:{q=1, a=x \"y\" z}");
    }

    @Test
    void utf8IsDecodedAsTheJdkDoesHoweverItIsCut() throws IOException {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("RecordReaderTest: -Dattune.seed=" + seed);
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(100_000); i > 0; i--) {
                text.appendCodePoint("aé€😀\n".codePoints().toArray()[random.nextInt(5)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(decode(bytes, random)).isEqualTo(text.toString());
            if (bytes.length == 0) {
                continue;
            }
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) 0xFF;
            String decoded = decode(bytes, random);
            int fault = EscapingUtf8Reader.faultAt(decoded);
            assertThat(decoded.substring(0, fault))
                    .isEqualTo(new String(
                            Arrays.copyOf(bytes, decoded.substring(0, fault).getBytes(StandardCharsets.UTF_8).length),
                            StandardCharsets.UTF_8));
            assertThat(decoded).contains("\uDCFF");
        }
    }

    private static String decode(byte[] bytes, SplittableRandom random) throws IOException {
        var decoded = new StringBuilder();
        try (var reader = new EscapingUtf8Reader(new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(9_000)));
            }
        })) {
            char[] buffer = new char[1 + random.nextInt(5_000)];
            for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                decoded.append(buffer, 0, count);
            }
        }
        return decoded.toString();
    }
}
