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
    public void row(RowTexts row, Reporter out) {
        for (Piece piece : row.pieces()) {
            if (!repair.repaired(piece).equals(piece.text())) {
                out.found(repair.kind(), row.line(), piece.pointer(), repair.what(piece),
                        Excerpt.around(piece.text(), repair.at(piece)));
            }
        }
    }
}
