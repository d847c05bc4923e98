package dev.attune.engine.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The losses of one epoch's rows while they are found, in the order of training: a file with a place for each example, so
 * that they take no memory, and a trainer that goes on from a checkpoint writes over what it had found after it with the
 * same bytes. Not thread-safe; whoever opens it closes it.
 *
 * <p>
 * A place, all numbers big-endian: epoch (int; another one's place is an empty one), line (int), trained tokens (int),
 * what the loss is a sum over (int: tokens, or pairs), loss (double).
 */
final class EpochLosses implements AutoCloseable {
    private static final int PLACE = 24;
    private static final int READ_AT_ONCE = 4096;

    private final FileChannel channel;
    private final int epoch;
    private final int examples;

    private EpochLosses(FileChannel channel, int epoch, int examples) {
        this.channel = channel;
        this.epoch = epoch;
        this.examples = examples;
    }

    /**
     * Opens the file, which may have been used for another epoch before, and makes it where there is none.
     *
     * @param epoch epochs that were done when the losses are found, from 1
     * @param examples of the training file
     */
    static EpochLosses open(Path file, int epoch, int examples) throws IOException {
        return new EpochLosses(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE), epoch, examples);
    }

    int epoch() {
        return epoch;
    }

    /** Puts an example at its place. */
    void put(MeasuredExample found) throws IOException {
        BatchSum sum = found.sum();
        boolean pair = sum.pairs().pairs() > 0;
        ByteBuffer place = ByteBuffer.allocate(PLACE).putInt(epoch).putInt(found.line())
                .putInt((int) sum.tokens().tokens())
                .putInt((int) (pair ? sum.pairs().pairs() : sum.tokens().tokens()))
                .putDouble(pair ? sum.pairs().loss() : sum.tokens().loss()).flip();
        for (long at = (long) PLACE * found.example(); place.hasRemaining();) {
            at += channel.write(place, at);
        }
    }

    void put(List<MeasuredExample> found) throws IOException {
        for (MeasuredExample one : found) {
            put(one);
        }
    }

    /** Is told of rows. */
    interface Visitor {
        void visit(RowLoss row) throws IOException;
    }

    /** Tells what was found, row by row in the file's order; pieces of one row count as one. */
    void each(Visitor visitor) throws IOException {
        var row = new Row();
        for (int from = 0; from < examples; from += READ_AT_ONCE) {
            ByteBuffer places = read(from, Math.min(READ_AT_ONCE, examples - from));
            while (places.remaining() >= PLACE) {
                boolean here = places.getInt() == epoch;
                int line = places.getInt();
                if (here && line != row.line) {
                    row.end(visitor);
                    row.line = line;
                }
                row.add(here, places.getInt(), places.getInt(), places.getDouble());
            }
        }
        row.end(visitor);
    }

    private ByteBuffer read(int from, int count) throws IOException {
        ByteBuffer places = ByteBuffer.allocate(PLACE * count);
        int read = 0;
        while (places.hasRemaining() && read >= 0) {
            read = channel.read(places, (long) PLACE * from + places.position());
        }
        return places.flip();
    }

    /** A row whose pieces are put together. */
    private final class Row {
        private int line;
        private int tokens;
        private int units;
        private double loss;

        void add(boolean here, int moreTokens, int moreUnits, double moreLoss) {
            if (here) {
                tokens += moreTokens;
                units += moreUnits;
                loss += moreLoss;
            }
        }

        void end(Visitor visitor) throws IOException {
            if (line > 0) {
                visitor.visit(new RowLoss(line, epoch, units == 0 ? 0 : loss / units, tokens));
            }
            tokens = 0;
            units = 0;
            loss = 0;
        }
    }

    /** Forces what was put to disk. */
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
