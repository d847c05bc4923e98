package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.util.regex.Pattern;
/**
 * Control characters other than tab and line ends, among them the escape sequences that colour a terminal. C1 controls
 * (U+0080 to U+009F) count too; where they are bytes of UTF-8 read as Latin-1, {@link Mojibake} knows better.
 */
final class ControlCharacters implements TextRepair {
    private static final CheckKind KIND = CheckKind.warning("control_character", "a control character",
            "remove it, or let attune check --fix OUT do so",
            "Control characters come from terminals and broken exports; nobody can see them, and the model learns to write them. Tabs and line ends are fine.")
            .fixed(Repair.SAFE);

    private static final Pattern CONTROL = Pattern.compile(
            "\\x1B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1B]*(?:\\x07|\\x1B\\\\))|[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F]");

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String repaired(Piece piece) {
        String text = piece.text();
        boolean latin1 = piece.signs().has(CharacterTraits.C1);
        if (!piece.signs().hasControl() && !latin1 || latin1 && !Mojibake.repaired(text).equals(text)) {
            return text;
        }
        String before = text;
        String after = CONTROL.matcher(before).replaceAll("");
        while (!after.equals(before)) {
            before = after;
            after = CONTROL.matcher(before).replaceAll("");
        }
        return after;
    }

    @Override
    public String what(Piece piece) {
        return "the text holds the control character U+%04X".formatted((int) piece.text().charAt(at(piece)));
    }
}
