package dev.attune.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenChoiceTest {
    private static final float[] LOGITS = {(float) Math.log(0.1), (float) Math.log(0.5), (float) Math.log(0.15),
            (float) Math.log(0.25)};
    private static final int DRAWS = 40_000;

    private static double[] shares(double temperature, double topP) {
        var choice = new TokenChoice(new SamplingOptions(1, temperature, topP, 42, List.of()), 4);
        var shares = new double[4];
        for (int i = 0; i < DRAWS; i++) {
            shares[choice.next(LOGITS)] += 1.0 / DRAWS;
        }
        return shares;
    }

    private static void assertShares(double[] actual, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("token %s", i).isBetween(expected[i] - 0.01, expected[i] + 0.01);
        }
    }

    @Test
    void atTemperatureOneTokensComeAsOftenAsTheirProbability() {
        assertShares(shares(1, 1), 0.1, 0.5, 0.15, 0.25);
    }

    @Test
    void aHalfTemperatureSquaresTheProbabilities() {
        double sum = 0.01 + 0.25 + 0.0225 + 0.0625;
        assertShares(shares(0.5, 1), 0.01 / sum, 0.25 / sum, 0.0225 / sum, 0.0625 / sum);
    }

    @Test
    void topPKeepsTheLikeliestThatReachIt() {
        assertShares(shares(1, 0.7), 0, 0.5 / 0.75, 0, 0.25 / 0.75);
        assertShares(shares(1, 0.8), 0, 0.5 / 0.9, 0.15 / 0.9, 0.25 / 0.9);
        assertShares(shares(1, 0.01), 0, 1, 0, 0);
    }

    @Test
    void temperatureZeroTakesTheLikeliestAndOfEqualsTheFirst() {
        var choice = new TokenChoice(SamplingOptions.greedy(1), 4);

        assertThat(choice.next(LOGITS)).isEqualTo(1);
        assertThat(choice.next(new float[]{2, 3, 3, 1})).isEqualTo(1);
    }

    @Test
    void aTinyTemperatureIsAlmostZeroAndNotNaN() {
        assertShares(shares(1e-9, 1), 0, 1, 0, 0);
    }

    @Test
    void theSameSeedDrawsTheSame() {
        for (double topP : new double[]{1, 0.9}) {
            var options = new SamplingOptions(1, 0.8, topP, 99, List.of());
            var first = new TokenChoice(options, 4);
            var second = new TokenChoice(options, 4);
            assertThat(IntStream.range(0, 200).map(i -> first.next(LOGITS)))
                    .containsExactlyElementsOf(IntStream.range(0, 200).map(i -> second.next(LOGITS)).boxed().toList());
        }
    }

    @Test
    void rowsThatOnlyFillUpTheMatrixAreNeverDrawn() {
        var choice = new TokenChoice(new SamplingOptions(1, 1, 1, 1, List.of()), 2);

        for (int i = 0; i < 1000; i++) {
            assertThat(choice.next(new float[]{0, 0, 50, 60})).isLessThan(2);
        }
    }

    private static SamplingOptions steered(double presence, double frequency, Map<Integer, Double> bias) {
        return new SamplingOptions(1, 0, 1, 0, List.of(), new Steering(presence, frequency, bias), TextShape.FREE,
                SamplingOptions.NO_LOGPROBS);
    }

    @Test
    void aBiasMovesATokenAndLeavesTheLogitsAsTheyAre() {
        float[] logits = {1, 2, 3, 0};

        assertThat(new TokenChoice(steered(0, 0, Map.of(3, 3.5, 99, 5.0)), 4).next(logits)).isEqualTo(3);
        assertThat(new TokenChoice(steered(0, 0, Map.of(2, -100.0)), 4).next(logits)).isEqualTo(1);
        assertThat(logits).containsExactly(1, 2, 3, 0);
    }

    @Test
    void aPresencePenaltyCountsOnce_aFrequencyPenaltyEachTime() {
        float[] logits = {0, 1.9f, 3, -9};
        var presence = new TokenChoice(steered(2, 0, Map.of()), 4);
        var frequency = new TokenChoice(steered(0, 1, Map.of()), 4);

        assertThat(IntStream.range(0, 5).map(i -> presence.next(logits))).containsExactly(2, 1, 2, 2, 2);
        assertThat(IntStream.range(0, 6).map(i -> frequency.next(logits))).containsExactly(2, 2, 1, 2, 1, 0);
    }

    @Test
    void whatARuleForbidsIsNeverDrawn_andNothingWhereItForbidsAll() {
        TokenRule odd = new TokenRule() {
            @Override
            public boolean allows(int token) {
                return token % 2 == 1;
            }

            @Override
            public void take(int token) {}
        };
        TokenRule nothing = new TokenRule() {
            @Override
            public boolean allows(int token) {
                return false;
            }

            @Override
            public void take(int token) {}
        };
        var choice = new TokenChoice(new SamplingOptions(1, 1, 0.9, 5, List.of()), 100);
        float[] logits = new float[100];
        for (int i = 0; i < 300; i++) {
            assertThat(choice.next(logits, odd) % 2).isEqualTo(1);
        }
        assertThat(choice.next(logits, nothing)).isEqualTo(TokenChoice.NONE);
    }

    @Test
    void logProbabilitiesAreThoseOfTheModelWithTheLikeliestFirst() {
        TokenLogprobs told = TokenLogprobs.of(new float[]{LOGITS[0], LOGITS[1], LOGITS[2], LOGITS[3], 9}, 4, 2, 2);

        assertThat(Math.exp(told.chosen().value())).isCloseTo(0.15, within(1e-6));
        assertThat(told.top()).extracting(Logprob::token).containsExactly(1, 3);
        assertThat(Math.exp(told.top().get(1).value())).isCloseTo(0.25, within(1e-6));
        assertThat(TokenLogprobs.of(LOGITS, 4, 0, 0).top()).isEmpty();
        assertThat(TokenLogprobs.of(LOGITS, 4, 0, 9).top()).hasSize(4);
    }
}
