package dev.attune.dataset.quality;

import java.util.List;

/** Texts with a fault that a {@link TextRepair} would mend. */
final class TextRepairCheck implements QualityCheck {
    private final TextRepair repair;

    TextRepairCheck(TextRepair repair) {
        this.repair = repair;
    }

    @Override
    public List<CheckKind> kinds() {
        return List.of(repair.kind());
    }

    @Override
    public Note look(RowTexts row) {
        var found = new Found(row.line());
        for (Piece piece : row.pieces()) {
            if (!repair.repaired(piece).equals(piece.text())) {
                found.add(repair.kind(), piece.pointer(), repair.what(piece),
                        Excerpt.around(piece.text(), repair.at(piece)));
            }
        }
        return found.note();
    }
}
