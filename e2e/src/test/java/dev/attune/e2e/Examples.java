package dev.attune.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small training files for the tiny model, every row different and short enough for its context. */
final class Examples {
    private Examples() {}

    /** Writes a file of so many rows, numbered from {@code first}. */
    static Path write(Path file, int first, int rows) {
        var lines = new ArrayList<String>();
        for (int i = first; i < first + rows; i++) {
            lines.add(row("the word number " + i, "word " + i * 7));
        }
        return write(file, lines);
    }

    static Path write(Path file, List<String> lines) {
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String row(String question, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question
                + "\"},{\"role\":\"assistant\",\"content\":\"" + answer + "\"}]}";
    }
}
