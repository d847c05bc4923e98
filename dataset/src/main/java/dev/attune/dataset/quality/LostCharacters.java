package dev.attune.dataset.quality;

import java.util.List;

/** U+FFFD, which stands where a program could not read a character: what was there is lost. */
final class LostCharacters implements QualityCheck {
    private static final CheckKind KIND = CheckKind.warning("replacement_character", "a character that was lost",
            "take the text from its source again, as UTF-8",
            "U+FFFD stands where a program could not read a character. What was there cannot be told from the file, so there is no fix.");

    @Override
    public List<CheckKind> kinds() {
        return List.of(KIND);
    }

    @Override
    public Note look(RowTexts row) {
        var found = new Found(row.line());
        for (Piece piece : row.pieces()) {
            int at = piece.signs().hasNonAscii() ? piece.text().indexOf('\uFFFD') : -1;
            if (at >= 0) {
                found.add(KIND, piece.pointer(), "the text holds U+FFFD in place of a lost character",
                        Excerpt.around(piece.text(), at));
            }
        }
        return found.note();
    }
}
