package dev.attune.engine.data;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * Which examples an epoch is made of, and in which order: all of the training file, and a share of rows to replay, mixed.
 * Over the epochs the replay file is gone through in shuffled rounds, so that each of its rows comes as often as the
 * others. Everything follows from seed, epoch and position, so that a trainer can stand anywhere without having gone
 * there. Not thread-safe.
 */
public final class TrainingOrder {
    private static final long REPLAY = 0x7265706c6179L;

    private final List<TrainingExample> training;
    private final List<TrainingExample> replay;
    private final int replayed;
    private final long seed;
    private Epoch current = new Epoch(-1, new int[0]);

    /** @param share of an epoch's examples that are replayed, from 0 to below 1 */
    public TrainingOrder(List<TrainingExample> training, List<TrainingExample> replay, double share, long seed) {
        this.training = training;
        this.replay = replay;
        this.replayed = replay.isEmpty() ? 0 : (int) Math.round(training.size() * share / (1 - share));
        this.seed = seed;
    }

    /** Examples in an epoch. */
    public int size() {
        return training.size() + replayed;
    }

    /** The examples of an epoch, counted from 0, in their order; each is looked up when it is asked for. */
    public Epoch epoch(int wanted) {
        if (wanted != current.number) {
            int[] chosen = replayed(wanted);
            int[] order = EpochOrder.of(seed, wanted, size());
            for (int i = 0; i < order.length; i++) {
                order[i] = order[i] < training.size()
                        ? order[i]
                        : training.size() + chosen[order[i] - training.size()];
            }
            current = new Epoch(wanted, order);
        }
        return current;
    }

    /** An epoch's examples: numbers of training rows, then of rows to replay, in their order. */
    public final class Epoch extends AbstractList<TrainingExample> implements RandomAccess {
        private final int number;
        private final int[] order;

        private Epoch(int number, int[] order) {
            this.number = number;
            this.order = order;
        }

        @Override
        public int size() {
            return order.length;
        }

        @Override
        public TrainingExample get(int index) {
            int example = order[index];
            return isReplayed(index) ? replay.get(example - training.size()) : training.get(example);
        }

        /** An example's number among those of the training file, or, from their count on, among those to replay. */
        public int number(int index) {
            return order[index];
        }

        /** Whether an example is of the replay file. */
        public boolean isReplayed(int index) {
            return order[index] >= training.size();
        }
    }

    /** Which rows of the replay file an epoch has. */
    private int[] replayed(int wanted) {
        var chosen = new int[replayed];
        int[] round = {};
        long roundNumber = -1;
        for (int i = 0; i < replayed; i++) {
            long at = (long) wanted * replayed + i;
            if (at / replay.size() != roundNumber) {
                roundNumber = at / replay.size();
                round = EpochOrder.of(seed ^ REPLAY, (int) roundNumber, replay.size());
            }
            chosen[i] = round[(int) (at % replay.size())];
        }
        return chosen;
    }

    /** Tokens of the examples of the first epochs. */
    public long tokens(int epochs) {
        long tokens = epochs * training.stream().mapToLong(TrainingExample::length).sum();
        for (int i = 0; i < epochs; i++) {
            for (int row : replayed(i)) {
                tokens += replay.get(row).length();
            }
        }
        return tokens;
    }
}
