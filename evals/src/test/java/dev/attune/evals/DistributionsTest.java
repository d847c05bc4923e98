package dev.attune.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionsTest {

    @ParameterizedTest
    @CsvSource({"1, 12.706204736432095", "2, 4.302652729911275", "3, 3.182446305284263", "4, 2.776445105198499",
            "9, 2.262157162854099", "11, 2.200985160082949", "29, 2.045229642132703", "120, 1.979930405052777"})
    void studentQuantilesAreThoseOfTheTables(double degreesOfFreedom, double quantile) {
        assertThat(Distributions.studentQuantile(0.95, degreesOfFreedom)).isCloseTo(quantile, within(1e-9));
    }

    @Test
    void studentWithManyDegreesOfFreedomIsNormal() {
        assertThat(Distributions.studentQuantile(0.95, 1e7)).isCloseTo(1.959964, within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"0.95, 1.959963984540054", "0.90, 1.644853626951473", "0.99, 2.575829303548901",
            "0.60, 0.841621233572914"})
    void normalQuantilesAreThoseOfTheTables(double confidence, double quantile) {
        assertThat(Distributions.normalQuantile(confidence)).isCloseTo(quantile, within(1e-12));
    }

    @Test
    void theBetaFunctionHasItsClosedForms() {
        for (double x = 0.01; x < 1; x += 0.07) {
            assertThat(Distributions.beta(x, 1, 1)).isCloseTo(x, within(1e-14));
            assertThat(Distributions.beta(x, 3, 1)).isCloseTo(x * x * x, within(1e-14));
            assertThat(Distributions.beta(x, 1, 4)).isCloseTo(1 - Math.pow(1 - x, 4), within(1e-14));
            assertThat(Distributions.beta(x, 0.5, 0.5)).isCloseTo(2 / Math.PI * Math.asin(Math.sqrt(x)), within(1e-13));
            assertThat(Distributions.beta(x, 2.5, 7) + Distributions.beta(1 - x, 7, 2.5)).isCloseTo(1, within(1e-13));
        }
    }

    @Test
    void logGammaIsThatOfFactorials() {
        double factorial = 1;
        for (int n = 1; n <= 20; n++) {
            factorial *= n;
            assertThat(Distributions.logGamma(n + 1.0)).isCloseTo(Math.log(factorial), within(1e-12));
        }
        assertThat(Distributions.logGamma(0.5)).isCloseTo(Math.log(Math.sqrt(Math.PI)), within(1e-14));
    }

    @Test
    void binomialProbabilitiesAddUpTermByTerm() {
        double sum = 0;
        double term = Math.pow(0.7, 12);
        for (int k = 0; k <= 12; k++) {
            sum += term;
            term *= (12.0 - k) / (k + 1) * 0.3 / 0.7;
            assertThat(Distributions.binomialAtMost(k, 12, 0.3)).isCloseTo(sum, within(1e-13));
        }
    }
}
