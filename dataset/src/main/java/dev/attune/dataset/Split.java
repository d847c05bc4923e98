package dev.attune.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A dataset in three parts, each in the file's order. Immutable.
 *
 * @param train rows to train on
 * @param validation rows to watch the loss on while training; may be empty
 * @param test rows to measure with afterwards; may be empty
 * @param report sizes, strata, what went together and why
 */
public record Split(List<Row> train, List<Row> validation, List<Row> test, SplitReport report) {
    public Split {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /** What a person should know about how it was split, one sentence each. */
    public List<String> notes() {
        return report.notes();
    }

    /** The same training rows with other rows held out, as where those come from files of their own. */
    public Split holdingOut(List<Row> otherValidation, List<Row> otherTest, List<String> furtherNotes) {
        return new Split(train, otherValidation, otherTest,
                report.holdingOut(otherValidation.size(), otherTest.size(), furtherNotes));
    }

    /**
     * Writes each part that has rows, the lines as they were read: {@code train.jsonl}, {@code validation.jsonl},
     * {@code test.jsonl}. Each file is written aside and then renamed, so a reader never sees half of it.
     *
     * @throws DatasetException where the folder cannot be written to
     */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            write(folder.resolve("train.jsonl"), train);
            write(folder.resolve("validation.jsonl"), validation);
            write(folder.resolve("test.jsonl"), test);
        } catch (IOException e) {
            throw new DatasetException("The parts cannot be written to " + folder + ": " + e + ".", e);
        }
    }

    private static void write(Path file, List<Row> rows) throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        var lines = new ArrayList<String>(rows.size() + 1);
        rows.forEach(row -> lines.add(row.json()));
        lines.add("");
        Path aside = Files.createTempFile(folder(file), file.getFileName().toString(), ".part");
        try {
            Files.writeString(aside, String.join("\n", lines), StandardCharsets.UTF_8);
            try {
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }
}
