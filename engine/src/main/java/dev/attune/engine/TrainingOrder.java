package dev.attune.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Which examples an epoch is made of, and in which order: all of the training file, and a share of rows to replay, mixed.
 * Over the epochs the replay file is gone through in shuffled rounds, so that each of its rows comes as often as the
 * others. Everything follows from seed, epoch and position, so that a trainer can stand anywhere without having gone
 * there. Not thread-safe.
 */
final class TrainingOrder {
    private static final long REPLAY = 0x7265706c6179L;

    private final List<TrainingExample> training;
    private final List<TrainingExample> replay;
    private final int replayed;
    private final long seed;
    private List<TrainingExample> epochExamples = List.of();
    private int epoch = -1;

    /** @param share of an epoch's examples that are replayed, from 0 to below 1 */
    TrainingOrder(List<TrainingExample> training, List<TrainingExample> replay, double share, long seed) {
        this.training = training;
        this.replay = replay;
        this.replayed = replay.isEmpty() ? 0 : (int) Math.round(training.size() * share / (1 - share));
        this.seed = seed;
    }

    /** Examples in an epoch. */
    int size() {
        return training.size() + replayed;
    }

    /** The examples of an epoch, counted from 0, in their order. */
    List<TrainingExample> epoch(int wanted) {
        if (wanted != epoch) {
            List<TrainingExample> mixed = mixed(wanted);
            var ordered = new ArrayList<TrainingExample>(mixed.size());
            for (int index : EpochOrder.of(seed, wanted, mixed.size())) {
                ordered.add(mixed.get(index));
            }
            epochExamples = List.copyOf(ordered);
            epoch = wanted;
        }
        return epochExamples;
    }

    private List<TrainingExample> mixed(int wanted) {
        var mixed = new ArrayList<>(training);
        int[] round = {};
        long roundNumber = -1;
        for (long at = (long) wanted * replayed; at < (wanted + 1L) * replayed; at++) {
            if (at / replay.size() != roundNumber) {
                roundNumber = at / replay.size();
                round = EpochOrder.of(seed ^ REPLAY, (int) roundNumber, replay.size());
            }
            mixed.add(replay.get(round[(int) (at % replay.size())]));
        }
        return mixed;
    }

    /** Tokens of the examples of the first epochs. */
    long tokens(int epochs) {
        long tokens = 0;
        for (int i = 0; i < epochs; i++) {
            tokens += mixed(i).stream().mapToLong(TrainingExample::length).sum();
        }
        return tokens;
    }
}
