package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what their names say, and what {@code attune check} says of them: one sentence, and the right exit code. */
class StrangeFilesTest {
    private static final int PROBLEMS = 1;
    private static final int UNUSABLE = 2;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final InputStream realIn = System.in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
        System.setIn(realIn);
    }

    private static String row(int i) {
        String[] things = {"lantern", "bucket", "anchor", "ladder", "kettle", "saddle", "compass", "barrel"};
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"What is %s %d of the %s for?\"},{\"role\":\"assistant\",\"content\":\"It holds the %s of room %d for the crew.\"}]}"
                .formatted(things[i % 8], i * 37, things[i * 3 % 8], things[i * 5 % 8], i * 113);
    }

    private static String rows() {
        return IntStream.range(0, 14).mapToObj(StrangeFilesTest::row).collect(Collectors.joining("\n", "", "\n"));
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    /** What is said, with the exit code before it. */
    private String check(Object... arguments) {
        out.reset();
        var line = Arrays.stream(arguments).map(String::valueOf).collect(Collectors.toCollection(ArrayList::new));
        line.addAll(0, List.of("check", "--target", "openai:gpt-4o-mini"));
        int code = AttuneCommand.commandLine().execute(line.toArray(String[]::new));
        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(said).doesNotContain("Exception");
        return code + " " + said;
    }

    @Test
    void sixteenBitTextIsNamedAndWrittenAgain() throws IOException {
        Path wide = file("wide.jsonl", rows().getBytes(StandardCharsets.UTF_16));
        assertThat(check(wide)).startsWith(UNUSABLE + " ").contains("utf16", "iconv", "--fix OUT mends utf16");
        Path copy = folder.resolve("copy.jsonl");
        assertThat(check(wide, "--fix", copy)).startsWith("0 ").contains("utf16");
        assertThat(copy).hasContent(rows());
        assertThat(folder.resolve("copy.jsonl.changes.jsonl")).content().contains("\"utf16\"");
        Path table = file("wide.csv", ("\ufeffquestion;answer\n" + "Who?;Me, %d.\n".repeat(12))
                .getBytes(StandardCharsets.UTF_16BE));
        assertThat(check(table)).startsWith(UNUSABLE + " ").contains("utf16");
        check(table, "--fix", copy, "--only", "rules");
        assertThat(copy).content().startsWith("{\"messages\":[{\"role\":\"user\",\"content\":\"Who?\"}");
    }

    @Test
    void whatIsNoTextIsNamedAndNeverCopied() throws IOException {
        Path copy = folder.resolve("copy.jsonl");
        byte[] office = new byte[700];
        System.arraycopy(new byte[]{(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0}, 0, office, 0, 4);
        for (Path path : new Path[]{file("book.xlsx", "PK\u0003\u0004 and so on".getBytes(StandardCharsets.UTF_8)),
                file("old.xls", office)}) {
            assertThat(check(path)).startsWith(UNUSABLE + " ").contains("zip").contains("CSV");
            assertThat(check(path, "--fix", copy)).startsWith(UNUSABLE + " ").contains("CSV");
            assertThat(copy).doesNotExist();
        }
        assertThat(check(file("latin.jsonl", rows().replace("crew", "équipe").getBytes(Charset.forName("ISO-8859-1")))))
                .startsWith(PROBLEMS + " ").contains("0xE9", "UTF-8");
        assertThat(check(file("empty.jsonl", new byte[0]))).startsWith(UNUSABLE + " ").contains("is empty");
        assertThat(check(folder)).startsWith(UNUSABLE + " ").contains("is a directory");
    }

    @Test
    void aPipeIsReadAsAFile() {
        System.setIn(new ByteArrayInputStream(rows().getBytes(StandardCharsets.UTF_8)));
        assertThat(check("-", "--only", "rules,tokens")).startsWith("0 ").contains("14 of 2 messages",
                "looked at: rules, tokens");
    }

    @Test
    void aPackedFileThatWasCutIsReadAsFarAsItGoes() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 4_000; i++) {
                gzip.write((row(i) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Path cut = file("cut.jsonl.gz", Arrays.copyOf(packed.toByteArray(), packed.size() * 2 / 3));
        assertThat(check(cut, "--only", "rules")).startsWith(PROBLEMS + " ").contains("ends in the middle of its gzip");
        assertThat(check(cut, "--fix", folder.resolve("copy.jsonl"))).startsWith(PROBLEMS + " ")
                .contains("fetch it again");
    }

    @Test
    void rowsWithinOtherThingsSayHowToGetThemOut() throws IOException {
        String list = rows().strip().replace("\n", ",\n");
        assertThat(check(file("wrapped.json", ("{\n \"data\": [" + list + "]}\n").getBytes(StandardCharsets.UTF_8))))
                .startsWith(UNUSABLE + " ").contains("'data'", "jq").doesNotContain("--fix OUT mends");
        String twice = rows().lines().map(line -> "\"" + line.replace("\"", "\\\"") + "\"\n")
                .collect(Collectors.joining());
        assertThat(check(file("twice.jsonl", twice.getBytes(StandardCharsets.UTF_8)))).startsWith(UNUSABLE + " ")
                .contains("written as JSON twice", "jq -c fromjson");
    }

    @Test
    void manyOfOneProblemStayShort() throws IOException {
        String faulty = IntStream.range(0, 3_000)
                .mapToObj(i -> row(i).replace("\"role\":\"user\"", "\"role\":\"human\"").replace("assistant", "bot")
                        + "\n")
                .collect(Collectors.joining());
        assertThat(check(file("roles.jsonl", faulty.getBytes(StandardCharsets.UTF_8)), "--only", "rules"))
                .startsWith(PROBLEMS + " ").contains("× 6,000", "on line 2, 3, 4, 5", " more (--format json")
                .hasSizeLessThan(3_000);
        byte[] nul = rows().replace("Who", "W\u0000ho").replace("What is", "What\u0000 is").getBytes(
                StandardCharsets.UTF_8);
        assertThat(check(file("nul.jsonl", nul), "--only", "rules")).startsWith(PROBLEMS + " ")
                .contains("a control character (U+0000) stands there");
        assertThat(check(file("nul.jsonl", nul), "--fix", folder.resolve("copy.jsonl"))).startsWith("0 ")
                .contains("control character");
    }

    @Test
    void groupsOfChecksAreNamedOrRefused() throws IOException {
        Path good = file("good.jsonl", rows().getBytes(StandardCharsets.UTF_8));
        assertThat(check(good, "--only", "rules,spelling")).startsWith(UNUSABLE + " ").contains("spelling", "RULES");
        assertThat(check(good, "--only", "tokens", "--group", "customer")).startsWith(UNUSABLE + " ")
                .contains("add repeats");
        assertThat(check(good, "--only", "privacy")).startsWith("0 ").contains("looked at: rules, privacy")
                .doesNotContain("in an answer").doesNotContain("contradictions");
    }
}
