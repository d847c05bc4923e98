package dev.attune.bench;

import dev.attune.dataset.FileCensus;
import dev.attune.dataset.FilePart;
import dev.attune.dataset.RowRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Parses and validates a chat file on one thread, several times, and prints the best speed in megabytes a second. */
public final class ReadBench {
    private static final int ROUNDS = 5;

    private ReadBench() {}

    /** @param args the file */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        double megabytes = Files.size(file) / 1e6;
        double best = 0;
        long rows = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long began = System.nanoTime();
            rows = FileCensus.validating(RowRules.ATTUNE, 1).count(file, FilePart.TRAINING).examples();
            best = Math.max(best, megabytes * 1e9 / (System.nanoTime() - began));
        }
        System.out.printf(Locale.ROOT, "{\"mb_per_second\": %.1f, \"rows\": %d}%n", best, rows);
    }
}
