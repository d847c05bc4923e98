package dev.attune.dataset.quality;

import java.util.ArrayList;
import java.util.List;

/** The places that one check has found in one row, to be noted when its turn comes. Not thread-safe. */
final class Found {
    private final int line;
    private List<QualityCheck.Note> places = List.of();

    Found(int line) {
        this.line = line;
    }

    void add(CheckKind kind, String pointer, String what, Excerpt excerpt) {
        note(out -> out.found(kind, line, pointer, what, excerpt));
    }

    void note(QualityCheck.Note note) {
        if (places.isEmpty()) {
            places = new ArrayList<>(1);
        }
        places.add(note);
    }

    /** All of them as one note. */
    QualityCheck.Note note() {
        return switch (places.size()) {
            case 0 -> QualityCheck.Note.NONE;
            case 1 -> places.getFirst();
            default -> out -> places.forEach(place -> place.take(out));
        };
    }
}
