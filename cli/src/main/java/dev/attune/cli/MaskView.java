package dev.attune.cli;

import dev.attune.dataset.MaskedRow;
import dev.attune.dataset.Row;
import dev.attune.text.Conversation;
import dev.attune.text.TextException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Rows as the model will see them: what is trained in green, or between {@code ⟦} and {@code ⟧} where there are no colours. It
 * is given all rows of a check and keeps those that are to be shown.
 */
final class MaskView {
    private static final int FIRST_ROWS = 3;

    private final Screen screen;
    private final List<Integer> lines;
    private final boolean exact;
    private final Function<Row, MaskedRow> mask;
    private final List<Shown> kept = new ArrayList<>();

    private record Shown(Path file, Row row) {}

    /**
     * A view.
     *
     * @param lines which rows of each file; empty for the first three
     * @param exact whether the mask is that of the training, token by token
     */
    MaskView(Screen screen, List<Integer> lines, boolean exact, Function<Row, MaskedRow> mask) {
        this.screen = screen;
        this.lines = List.copyOf(lines);
        this.exact = exact;
        this.mask = mask;
    }

    /** Looks at the next row of a file. */
    void row(Path file, Row row) {
        boolean shown = lines.isEmpty()
                ? kept.stream().filter(one -> one.file.equals(file)).count() < FIRST_ROWS
                : lines.contains(row.line());
        if (shown) {
            kept.add(new Shown(file, row));
        }
    }

    /** Writes the rows that were kept. */
    void print() {
        String marked = screen.isColoured() ? "in green" : "between ⟦ and ⟧";
        screen.line(screen.paint(Style.DIM, exact
                ? "Rows as the model sees them; what is trained stands " + marked + "."
                : "Messages of the rows; what is trained stands " + marked
                        + ". The provider keeps its template to itself."));
        kept.forEach(this::print);
        var missing = new TreeSet<>(lines);
        kept.forEach(one -> missing.remove(one.row.line()));
        if (!missing.isEmpty() || kept.isEmpty()) {
            screen.line(screen.paint(Style.YELLOW, missing.isEmpty()
                    ? "No row can be trained on; the report says why."
                    : "No row that can be trained on begins on line "
                            + String.join(", ", missing.stream().map(String::valueOf).toList())
                            + "; the report says what is wrong with it."));
        }
        screen.line();
    }

    private void print(Shown shown) {
        String where = Folders.shown(shown.file) + ", line " + shown.row.line();
        try {
            for (Conversation conversation : shown.row.conversations()) {
                MaskedRow row = mask.apply(
                        new Row(shown.row.line(), conversation, shown.row.raw(), shown.row.json()));
                String side = shown.row.rejected().isEmpty()
                        ? ""
                        : conversation.equals(shown.row.conversation()) ? ", preferred" : ", rejected";
                screen.line(screen.paint(Style.BOLD, where + side) + ": "
                        + Words.count(row.tokens().total(), "token") + ", " + Words.count(row.tokens().trained())
                        + " of them trained");
                text(row).lines().forEach(line -> screen.line("  " + line));
            }
        } catch (TextException e) {
            screen.line(screen.paint(Style.BOLD, where) + ": "
                    + screen.paint(Style.RED, "no mask can be made, so it is not trained: " + e.getMessage()));
        }
    }

    private String text(MaskedRow row) {
        var text = new StringBuilder();
        for (MaskedRow.Piece piece : row.pieces()) {
            String visible = visible(piece.text());
            if (!piece.trained()) {
                text.append(visible);
            } else if (screen.isColoured()) {
                text.append(String.join("\n", visible.lines().map(line -> screen.paint(Style.GREEN, line)).toList()));
                text.append(visible.endsWith("\n") ? "\n" : "");
            } else {
                text.append('⟦').append(visible).append('⟧');
            }
        }
        return text.toString();
    }

    /** Control characters as their pictures, so that a row cannot write on the terminal. */
    private static String visible(String text) {
        var visible = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\t') {
                visible.append(c);
            } else if (c < ' ') {
                visible.append((char) ('\u2400' + c));
            } else {
                visible.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\uFFFD' : c);
            }
        }
        return visible.toString();
    }
}
