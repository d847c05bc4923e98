package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.text.Normalizer;
import java.text.Normalizer.Form;
/** Letters and their accents as two characters where Unicode's composed form (NFC) has one. */
final class Composition implements TextRepair {
    private static final CheckKind KIND = CheckKind.warning("not_composed",
            "letters and accents as separate characters",
            "write the composed form (Unicode NFC), or let attune check --fix OUT do so",
            "The same letter can be one character or two that look alike, and the tokenizer takes them for different words. Files from macOS and PDF often have the second form; what people type has the first.")
            .fixed(Repair.SAFE);

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String repaired(Piece piece) {
        return !piece.signs().has(CharacterTraits.COMPOSES) || Normalizer.isNormalized(piece.text(), Form.NFC)
                ? piece.text()
                : Normalizer.normalize(piece.text(), Form.NFC);
    }

    @Override
    public String what(Piece piece) {
        return "the text is not in Unicode's composed form (NFC)";
    }
}
