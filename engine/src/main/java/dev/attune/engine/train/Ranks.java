package dev.attune.engine.train;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The processes that train one job together, each with a share of every batch. All do the same steps in the same order;
 * the first, rank 0, decides, tells the progress and writes checkpoints. Used by one thread; whoever joins closes it.
 */
sealed interface Ranks extends AutoCloseable permits Ranks.Alone, GlooRanks {

    /** One process. */
    Ranks ALONE = new Alone();

    /** This process's number, from 0. */
    int rank();

    /** How many processes there are. */
    int size();

    /**
     * Makes a vector the sum of those of all processes, in place; the same bits in each.
     *
     * @throws Lost where one of them is gone
     */
    void add(Tensor vector);

    /** The sums of all processes' figures. */
    double[] add(double... figures);

    @Override
    void close();

    /**
     * What the processes found of a whole batch, in its order; the same in each.
     *
     * @param found what this one has of its share
     * @param batch how many examples the batch has
     */
    default List<BatchSum> gather(BatchShare share, List<BatchSum> found, int batch) {
        var figures = new double[BatchSum.FIGURES * batch];
        for (int i = 0; i < found.size(); i++) {
            System.arraycopy(found.get(i).figures(), 0, figures, BatchSum.FIGURES * share.places().get(i),
                    BatchSum.FIGURES);
        }
        double[] all = add(figures);
        return IntStream.range(0, batch).mapToObj(i -> BatchSum.of(all, BatchSum.FIGURES * i)).toList();
    }

    /** Another process is gone. */
    final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** One process is all there are. */
    record Alone() implements Ranks {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void add(Tensor vector) {
            // What one process has is the sum.
        }

        @Override
        public double[] add(double... figures) {
            return figures;
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }
}
