package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void pipedOutputIsPlainLinesWithoutBarsAndColours() {
        Screen screen = Screen.plain(out);
        screen.update("half way");
        screen.line(screen.paint(Style.RED, "done"));
        assertThat(written()).isEqualTo("done" + System.lineSeparator());
    }

    @Test
    void updatingLineIsWipedBeforeALineIsWritten() {
        Screen screen = terminal(80);
        screen.update("half way");
        screen.line("done");
        assertThat(written()).isEqualTo("\rhalf way\u001b[K\r\u001b[Kdone" + System.lineSeparator());
    }

    @Test
    void updatingLineNeverWrapsHoweverNarrowTheTerminal() {
        terminal(60).update("x".repeat(200));
        assertThat(Screen.columns(written().replace("\r", ""))).isLessThan(60);
    }

    @Test
    void coloursTakeNoColumnsAndWideCharactersTakeTwo() {
        assertThat(Screen.columns(Style.GREEN.around("abc"))).isEqualTo(3);
        assertThat(Screen.columns("日本")).isEqualTo(4);
        assertThat(Screen.columns("naïve…")).isEqualTo(6);
    }

    @Test
    void cutTextEndsItsColour() {
        assertThat(Screen.cut(Style.RED.around("abcdef"), 4)).isEqualTo("\u001b[31mabc…\u001b[0m");
        assertThat(Screen.cut("日本語", 4)).isEqualTo("日…");
        assertThat(Screen.cut("abc", 3)).isEqualTo("abc");
    }

    @Test
    void barGrowsByHalfColumnsAndStaysInItsWidth() {
        Screen screen = Screen.plain(out);
        assertThat(Bar.draw(screen, 0, 4)).isEqualTo("────");
        assertThat(Bar.draw(screen, 0.375, 4)).isEqualTo("━╸──");
        assertThat(Bar.draw(screen, 1, 4)).isEqualTo("━━━━");
        for (double fraction : new double[]{-1, 0.124, 0.5, 0.99, 7, Double.NaN}) {
            assertThat(Screen.columns(Bar.draw(screen, fraction, 10))).isEqualTo(10);
        }
    }

    @Test
    void tableAlignsByWhatIsSeen() {
        var table = new TextTable("name", ">n").row(Style.BOLD.around("a"), "1").row("long", "1,000");
        assertThat(table.lines(Screen.plain(out))).containsExactly("  name      n", "  \u001b[1ma\u001b[0m         1",
                "  long  1,000");
    }

    @Test
    void wrappingLosesNothingButSpaces() {
        List<String> lines = TextTable.wrap("one two three abcdefghijklmnop 日本語", 8);
        assertThat(lines).allMatch(line -> Screen.columns(line) <= 8);
        assertThat(String.join("", lines).replace(" ", "")).isEqualTo("onetwothreeabcdefghijklmnop日本語");
    }

    @Test
    void numbersReadLikeSentences() {
        assertThat(Words.duration(Duration.ofMillis(44_600))).isEqualTo("45 s");
        assertThat(Words.duration(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
        assertThat(Words.duration(Duration.ofMinutes(190))).isEqualTo("3 h 10 min");
        assertThat(Words.count(1, "row")).isEqualTo("1 row");
        assertThat(Words.count(1200, "row")).isEqualTo("1,200 rows");
        assertThat(Words.pValue(0.00004)).isEqualTo("p < 0.0001");
        assertThat(Words.pValue(0.0004)).isEqualTo("p = 0.0004");
        assertThat(Words.pValue(0.25)).isEqualTo("p = 0.250");
    }

    private Screen terminal(int width) {
        return new Screen(out, true, true, () -> width);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
