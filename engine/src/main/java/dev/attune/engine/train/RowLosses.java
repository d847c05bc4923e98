package dev.attune.engine.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the losses of a job's rows. What a row loses after an epoch is found when it comes up in the next one, by the pass
 * that trains it, before the update: that costs nothing. Only after the last epoch all rows go through the model once
 * more. The first epoch says nothing: what is found there is of the model before training.
 *
 * <p>
 * An epoch's losses are collected in one of two files by turns, so that those of the epoch before stay until a checkpoint
 * is a whole epoch further. Not thread-safe; whoever makes it closes it.
 */
final class RowLosses implements AutoCloseable {
    private final Path job;
    private final int examples;
    private Optional<EpochLosses> collecting = Optional.empty();

    /** @param examples of the training file */
    RowLosses(Path job, int examples) {
        this.job = job;
        this.examples = examples;
    }

    /**
     * Takes what a step has found.
     *
     * @param epochsDone epochs that were done before the step
     */
    void found(int epochsDone, List<MeasuredExample> rows) throws IOException {
        if (epochsDone > 0) {
            of(epochsDone).put(rows);
        }
    }

    /** Takes what the model says of all rows after so many epochs. */
    void measure(JobRun run, int epochsDone) throws IOException {
        EpochLosses losses = of(epochsDone);
        run.measureRows(row -> put(losses, row));
    }

    private static void put(EpochLosses losses, MeasuredExample row) {
        try {
            losses.put(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the losses after so many epochs to the job's {@code rows.jsonl}; all rows have been taken. */
    void publish(int epochsDone) throws IOException {
        if (epochsDone > 0) {
            RowLossFile.add(job.resolve(RowLossFile.NAME), epochsDone, of(epochsDone)::each);
        }
    }

    /** Forces what was taken to disk, so that a checkpoint can count on it. */
    void force() throws IOException {
        if (collecting.isPresent()) {
            collecting.get().force();
        }
    }

    private EpochLosses of(int epochsDone) throws IOException {
        if (collecting.isEmpty() || collecting.get().epoch() != epochsDone) {
            close();
            collecting = Optional.of(EpochLosses.open(file(epochsDone % 2), epochsDone, examples));
        }
        return collecting.get();
    }

    private Path file(int turn) {
        return job.resolve("rows-" + turn + ".bin");
    }

    /** Removes what was only for collecting: the job is over. */
    void remove() throws IOException {
        close();
        Files.deleteIfExists(file(0));
        Files.deleteIfExists(file(1));
    }

    @Override
    public void close() throws IOException {
        if (collecting.isPresent()) {
            collecting.get().close();
            collecting = Optional.empty();
        }
    }
}
