package dev.attune.engine.model;

import dev.attune.engine.config.Precision;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The adapter's share of one group of linear layers that read the same input.
 *
 * @param down all A of the group stacked, shape (R, in)
 * @param downGradient its gradient, or an empty tensor
 * @param dropout what each layer's input loses on the way to A, while training
 */
record LoraFactors(Tensor down, Tensor downGradient, List<Up> ups, Optional<Dropout> dropout) {

    /**
     * The B of one layer of the group.
     *
     * @param column first output column of the layer within the group
     * @param columns outputs of the layer
     * @param rankFrom first row of its A in {@link LoraFactors#down}
     * @param scale s, by which B·A is multiplied
     * @param up B, shape (columns, rank)
     * @param upGradient its gradient, or an empty tensor
     * @param magnitude of DoRA
     */
    record Up(long column, long columns, long rankFrom, long rank, double scale, Tensor up, Tensor upGradient,
            Optional<Magnitude> magnitude) {

        private Up in(Precision precision) {
            return new Up(column, columns, rankFrom, rank, scale, precision.of(up), upGradient, magnitude);
        }

        /** This layer's part of something as wide as the group's outputs. */
        Tensor outputs(Tensor all) {
            return all.narrow(1, column, columns);
        }

        /** This layer's part of something as wide as the group's ranks. */
        Tensor ranks(Tensor all) {
            return all.narrow(1, rankFrom, rank);
        }

        /** This layer's A, or its gradient, in that of the group. */
        Tensor rows(Tensor all) {
            return all.narrow(0, rankFrom, rank);
        }
    }

    /** Whether a layer of the group has a magnitude. */
    boolean hasMagnitudes() {
        return ups.stream().anyMatch(up -> up.magnitude().isPresent());
    }

    /** The same with A and B in the type in which products are made; the gradients stay what they are. */
    LoraFactors in(Precision precision) {
        return new LoraFactors(precision.of(down), downGradient, ups.stream().map(up -> up.in(precision)).toList(),
                dropout);
    }

    LoraFactors with(Dropout chosen) {
        return new LoraFactors(down, downGradient, ups, Optional.of(chosen));
    }
}
