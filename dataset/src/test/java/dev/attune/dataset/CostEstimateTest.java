package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostEstimateTest {

    @ParameterizedTest
    @CsvSource({"5, 20", "4, 25", "1, 25", "10, 10", "33, 3", "34, 3", "100, 3", "8333, 3", "8334, 2", "25000, 1",
            "100000, 1", "0, 3"})
    void epochsFollowOpenAisRule(int examples, int epochs) {
        assertThat(CostEstimate.autoEpochs(examples)).isEqualTo(epochs);
    }

    /** The cookbook's toy file: 5 rows, 4,306 billable tokens, 20 epochs. */
    @Test
    void billedTokensAreThoseOfTheCookbook() {
        var tokens = List.of(new TokenCount(26, 1), new TokenCount(60, 1), new TokenCount(60, 1), new TokenCount(64, 1),
                new TokenCount(8032, 1));
        CostEstimate estimate = CostEstimate.hosted("gpt-3.5-turbo-0613", tokens, -1,
                new PriceList("2023-11", "the cookbook",
                        List.of(new PriceList.Price("gpt-3.5-turbo-0613", 8, 3, 6, 4096, ""))));
        assertThat(estimate.tokensPerEpoch()).isEqualTo(4306);
        assertThat(estimate.epochs()).isEqualTo(20);
        assertThat(estimate.billedTokens()).isEqualTo(86_120);
        assertThat(estimate.usd()).hasValueCloseTo(0.68896, within(1e-9));
        assertThat(estimate.priceNote()).isEqualTo("price of 2023-11, the cookbook");
    }

    @Test
    void tunedModelsHaveTheirBasesPrice() {
        PriceList prices = PriceList.shipped();
        assertThat(prices.of("ft:gpt-4o-mini-2024-07-18:org::abc")).isEqualTo(prices.of("gpt-4o-mini-2024-07-18"))
                .isPresent();
        assertThat(prices.of("attune-nano")).isEmpty();
        CostEstimate unknown = CostEstimate.hosted("some-model", List.of(new TokenCount(100, 10)), 2, prices);
        assertThat(unknown.usd()).isEmpty();
        assertThat(unknown.billedTokens()).isEqualTo(200);
    }

    @Test
    void aLocalModelTakesTime() {
        CostEstimate estimate = CostEstimate.local("attune-nano",
                List.of(new TokenCount(600, 1), new TokenCount(400, 1)), 3, 1500);
        assertThat(estimate.duration()).contains(Duration.ofSeconds(2));
        assertThat(estimate.usd()).isEmpty();
        assertThatThrownBy(() -> CostEstimate.local("m", List.of(), 1, 0)).hasMessageContaining("above 0");
    }

    @Test
    void usersHaveTheirOwnPrices(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("prices.json");
        Files.writeString(file,
                """
                        {"as_of": "2026-11-20", "source": "our contract", "models": [
                          {"model": "m", "training_usd_per_million": 1.5, "input_usd_per_million": 1, "output_usd_per_million": 2,
                           "training_context": 1000, "ends": ""}]}
                        """);
        assertThat(PriceList.read(file).of("m").orElseThrow().trainingUsdPerMillion()).isEqualTo(1.5);
        Files.writeString(file, "{\"as_of\": \"x\", \"models\": []}");
        assertThatThrownBy(() -> PriceList.read(file)).isInstanceOf(DatasetException.class)
                .hasMessageContaining("source");
        Files.writeString(file, "{\"as_of\": \"x\", \"source\": \"s\", \"models\": [], \"extra\": 1}");
        assertThatThrownBy(() -> PriceList.read(file)).isInstanceOf(DatasetException.class)
                .hasMessageContaining("extra");
        assertThatThrownBy(() -> PriceList.read(folder.resolve("none.json"))).isInstanceOf(DatasetException.class)
                .hasMessageContaining("none.json cannot be read");
    }
}
