package dev.attune.cli;

import java.util.ArrayList;
import java.util.List;

/** A table of text with aligned columns: numbers to the right, words to the left, wide cells cut or wrapped. */
final class TextTable {
    private final List<String> header;
    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table with these column titles.
     *
     * @param header the titles; one that begins with {@code >} makes its column align to the right
     */
    TextTable(String... header) {
        this.header = List.of(header).stream().map(h -> h.startsWith(">") ? h.substring(1) : h).toList();
        right = new boolean[header.length];
        for (int i = 0; i < header.length; i++) {
            right[i] = header[i].startsWith(">");
        }
    }

    /** Adds a row with one cell for every column; cells may carry colours. */
    TextTable row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("a row needs " + header.size() + " cells, not " + cells.length);
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The lines of the table, the header in dim letters, each indented by two columns and cut to the screen. */
    List<String> lines(Screen screen) {
        int[] widths = new int[header.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = Screen.columns(header.get(c));
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], Screen.columns(row.get(c)));
            }
        }
        List<String> lines = new ArrayList<>();
        if (header.stream().anyMatch(h -> !h.isEmpty())) {
            lines.add(screen.paint(Style.DIM, aligned(header, widths)));
        }
        for (List<String> row : rows) {
            lines.add(screen.isLive() ? Screen.cut(aligned(row, widths), screen.width()) : aligned(row, widths));
        }
        return lines;
    }

    /** Writes the table. */
    void print(Screen screen) {
        lines(screen).forEach(screen::line);
    }

    private String aligned(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("  ");
        for (int c = 0; c < widths.length; c++) {
            String gap = " ".repeat(widths[c] - Screen.columns(cells.get(c)));
            line.append(right[c] ? gap + cells.get(c) : cells.get(c) + gap);
            line.append(c + 1 < widths.length ? "  " : "");
        }
        return line.toString().stripTrailing();
    }

    /** Text broken at spaces into lines of at most so many columns; a longer word is broken inside. */
    static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            String rest = paragraph;
            while (Screen.columns(rest) > columns) {
                int end = 0;
                int used = 0;
                int space = -1;
                while (end < rest.length()) {
                    int point = rest.codePointAt(end);
                    used += Screen.columns(Character.toString(point));
                    if (used > columns) {
                        break;
                    }
                    if (point == ' ') {
                        space = end;
                    }
                    end += Character.charCount(point);
                }
                int at = space > 0 ? space : Math.max(end, 1);
                lines.add(rest.substring(0, at));
                rest = rest.substring(at).stripLeading();
            }
            lines.add(rest);
        }
        return lines;
    }
}
