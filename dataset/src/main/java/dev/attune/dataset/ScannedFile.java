package dev.attune.dataset;

import java.util.List;

/** One file of a scan: which rows are its own, and the counts of what was found in them. Not thread-safe. */
final class ScannedFile {
    final String name;
    final FilePart part;
    final int number;
    final int firstRow;
    final AnswerKind.Seen answers = new AnswerKind.Seen();
    int rows;
    long exactSurplus;
    long nearSurplus;
    long conflicting;
    long lost;
    long leaked;

    ScannedFile(String name, FilePart part, int number, int firstRow) {
        this.name = name;
        this.part = part;
        this.number = number;
        this.firstRow = firstRow;
    }

    /** The file that a row, by its number, belongs to. */
    static ScannedFile of(List<ScannedFile> files, long row) {
        int at = files.size() - 1;
        while (files.get(at).firstRow > row) {
            at--;
        }
        return files.get(at);
    }

    /** Whether what stands in this file should not stand in the other. */
    boolean comesBefore(ScannedFile other) {
        return part.compareTo(other.part) < 0;
    }

    Repetitions counts() {
        return new Repetitions(name, part, rows, exactSurplus, nearSurplus, conflicting, answers.kind(),
                rows == 0 ? 1 : 1 - (double) lost / rows, leaked);
    }
}
