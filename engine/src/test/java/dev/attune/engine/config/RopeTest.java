package dev.attune.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Frequencies against those of transformers, for heads of 8. */
class RopeTest {

    private static void assertFrequencies(Rope rope, int length, double... expected) {
        float[] actual = rope.inverseFrequencies(8, length);
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("frequency " + i).isCloseTo(expected[i], within(2e-7 * expected[i]));
        }
    }

    @Test
    void linear() {
        assertFrequencies(new Rope(10000, new Rope.Scaling.Linear(3)), 5, 0.333333343, 0.0333333351, 0.00333333318,
                0.000333333359);
    }

    @Test
    void dynamicChangesOnlyBeyondItsLength() {
        var rope = new Rope(10000, new Rope.Scaling.Dynamic(2, 64));
        assertFrequencies(rope, 64, 1.0, 0.100000001, 0.00999999978, 0.00100000005);
        assertFrequencies(rope, 100, 1.0, 0.0777822211, 0.00605007401, 0.000470588246);
        assertThat(rope.lengthKind(3)).isEqualTo(rope.lengthKind(64));
        assertThat(rope.lengthKind(65)).isNotEqualTo(rope.lengthKind(66));
    }

    @Test
    void llama3() {
        assertFrequencies(new Rope(500000, new Rope.Scaling.Llama3(8, 1, 4, 1024)), 5, 1.0, 0.0376060307,
                0.000176776681, 6.64786967e-06);
    }

    @Test
    void yarn() {
        assertFrequencies(new Rope(10000, new Rope.Scaling.Yarn(4, 1024, 32, 1, true, 1)), 5, 1.0, 0.0749999955,
                0.00499999989, 0.000250000012);
        assertFrequencies(new Rope(10000, new Rope.Scaling.Yarn(4, 1024, 8, 2, false, 1)), 5, 1.0, 0.100000001,
                0.00249999994, 0.000250000012);
    }

    @Test
    void longRopeHasDivisorsForShortAndForLongSequences() {
        var rope = new Rope(10000, new Rope.Scaling.LongRope(List.of(1.0, 1.1, 1.3, 1.6), List.of(1.5, 2.0, 3.0, 5.0),
                32, 1.1832159566199232));
        assertFrequencies(rope, 32, 1.0, 0.0909090936, 0.0076923077, 0.000624999986);
        assertFrequencies(rope, 33, 0.666666687, 0.0500000007, 0.00333333341, 0.000199999995);
        assertThat(rope.attentionFactor()).isEqualTo(1.1832159566199232);
    }

    @Test
    void aShareOfAHeadIsTurned() {
        var rope = new Rope(10000, 0.75, new Rope.Scaling.None());
        assertThat(rope.dimensions(16)).isEqualTo(12);
        assertThat(rope.inverseFrequencies(16, 0)).hasSize(6).startsWith(1f).contains(0.01f);
    }
}
