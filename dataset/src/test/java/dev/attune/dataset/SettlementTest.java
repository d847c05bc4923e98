package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Contradictions decided by count. */
class SettlementTest {
    private static Settlement settle(String... lines) {
        return Settlement.of(Rows.of(List.of(lines)).rows());
    }

    @Test
    void theCommonestAnswerStays() {
        Settlement settled = settle(Rows.chat("q", "yes"), Rows.chat("Q ", "no"), Rows.chat("q", "Yes"),
                Rows.chat("other", "no"));
        assertThat(settled.rows()).extracting(Row::line).containsExactly(1, 3, 4);
        assertThat(settled.leftOut()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.message()).contains("most rows");
        });
    }

    @Test
    void withoutOneNoneStays() {
        Settlement settled = settle(Rows.chat("q", "yes"), Rows.chat("q", "no"), Rows.chat("p", "no"));
        assertThat(settled.rows()).extracting(Row::line).containsExactly(3);
        assertThat(settled.leftOut()).hasSize(2)
                .allSatisfy(problem -> assertThat(problem.message()).contains("agree on no answer"));
    }

    @Test
    void rowsThatAgreeAreLeftAlone() {
        assertThat(settle(Rows.chat("q", "yes"), Rows.chat("q", "yes"), Rows.chat("p", "{\"a\":1,\"b\":2}"),
                Rows.chat("p", "{\"b\":2, \"a\":1}")).leftOut()).isEmpty();
    }
}
