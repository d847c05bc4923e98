package dev.attune.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.WCWidth;

/**
 * The place where a command writes what a person reads: whole lines, and on a terminal one line at the bottom that is
 * drawn again and again. Colours and the updating line appear on a terminal only; piped output is plain lines.
 * Thread-safe.
 */
final class Screen {
    private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");
    private static final int DEFAULT_WIDTH = 100;

    private final PrintStream out;
    private final boolean live;
    private final boolean coloured;
    private final IntSupplier width;
    private boolean updating;

    Screen(PrintStream out, boolean live, boolean coloured, IntSupplier width) {
        this.out = out;
        this.live = live;
        this.coloured = coloured;
        this.width = width;
    }

    /** Standard output as the launcher found it: {@code -Dattune.terminal} names the streams that are terminals. */
    static Screen standardOutput() {
        boolean terminal = isTerminal("out");
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        boolean colour = terminal && !dumb && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
        return new Screen(System.out, terminal && !dumb, colour,
                terminal ? new TerminalWidth() : () -> DEFAULT_WIDTH);
    }

    /** Lines without colour, 100 columns wide. */
    static Screen plain(PrintStream out) {
        return new Screen(out, false, false, () -> DEFAULT_WIDTH);
    }

    /**
     * Whether a standard stream is a terminal.
     *
     * @param stream {@code in}, {@code out} or {@code err}
     */
    static boolean isTerminal(String stream) {
        String known = System.getProperty("attune.terminal");
        if (known != null) {
            return ("," + known + ",").contains("," + stream + ",");
        }
        return System.console() != null && System.console().isTerminal();
    }

    /** Whether a line can be drawn again: bars make sense. */
    boolean isLive() {
        return live;
    }

    /** Whether {@link #paint} paints. */
    boolean isColoured() {
        return coloured;
    }

    /** Columns of the terminal, at least 40. */
    int width() {
        return Math.max(40, width.getAsInt());
    }

    /** The text in a style, or as it is where there are no colours. */
    String paint(Style style, String text) {
        return coloured ? style.around(text) : text;
    }

    /** Writes a line; the updating line, if any, is wiped first and has to be drawn again by its owner. */
    synchronized void line(String text) {
        wipe();
        out.println(text);
        out.flush();
    }

    /** Writes an empty line. */
    void line() {
        line("");
    }

    /** Writes a section's title with an empty line before it. */
    void title(String text) {
        line();
        line(paint(Style.BOLD, text));
    }

    /** Writes text without ending the line, as an answer that streams in. */
    synchronized void text(String text) {
        wipe();
        out.print(text);
        out.flush();
    }

    /** Draws the updating line anew, cut to the terminal's width; without a terminal nothing is written. */
    synchronized void update(String text) {
        if (!live) {
            return;
        }
        out.print("\r" + cut(text, width() - 1) + "\u001b[K");
        out.flush();
        updating = true;
    }

    /** Wipes the updating line. */
    synchronized void wipe() {
        if (updating) {
            out.print("\r\u001b[K");
            out.flush();
            updating = false;
        }
    }

    /** The columns that a text takes on a terminal; escape sequences take none, wide characters two. */
    static int columns(String text) {
        return ESCAPES.matcher(text).replaceAll("").codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
    }

    /** The text cut to so many columns, ending in an ellipsis where something is missing. */
    static String cut(String text, int columns) {
        if (columns(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 0;
        boolean styled = false;
        var escapes = ESCAPES.matcher(text);
        for (int i = 0; i < text.length();) {
            if (escapes.region(i, text.length()).lookingAt()) {
                kept.append(escapes.group());
                styled = true;
                i = escapes.end();
                continue;
            }
            int point = text.codePointAt(i);
            int wide = Math.max(0, WCWidth.wcwidth(point));
            if (used + wide > columns - 1) {
                break;
            }
            kept.appendCodePoint(point);
            used += wide;
            i += Character.charCount(point);
        }
        return kept.append('…').append(styled ? "\u001b[0m" : "").toString();
    }

    /** The width of the real terminal, asked at every drawing because people resize windows. */
    private static final class TerminalWidth implements IntSupplier {
        private volatile int cached;
        private long askedNanos;
        private final Terminal terminal;

        TerminalWidth() {
            try {
                terminal = TerminalBuilder.builder().system(true).dumb(true).nativeSignals(false)
                        .signalHandler(Terminal.SignalHandler.SIG_DFL).build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public synchronized int getAsInt() {
            long now = System.nanoTime();
            if (cached == 0 || now - askedNanos > 1_000_000_000L) {
                cached = terminal.getWidth() > 0 ? terminal.getWidth() : DEFAULT_WIDTH;
                askedNanos = now;
            }
            return cached;
        }
    }
}
