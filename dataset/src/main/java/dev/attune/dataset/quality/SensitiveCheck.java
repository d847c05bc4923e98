package dev.attune.dataset.quality;

import java.util.List;

/** No personal data and no secrets in any text: a tuned model can be made to repeat what it was trained on. */
final class SensitiveCheck implements QualityCheck {
    @Override
    public List<CheckKind> kinds() {
        return Sensitive.ALL.stream().map(SensitiveData::kind).toList();
    }

    @Override
    public Note look(RowTexts row) {
        var found = new Found(row.line());
        for (Piece piece : row.pieces()) {
            for (Sensitive.Hit hit : Sensitive.find(piece.text(), piece.signs())) {
                CheckKind kind = hit.data().kind();
                found.add(kind, piece.pointer(), "the text holds " + kind.title(),
                        Excerpt.around(piece.text(), hit.start()));
            }
        }
        return found.note();
    }
}
