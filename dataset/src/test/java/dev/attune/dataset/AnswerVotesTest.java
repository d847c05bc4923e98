package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Contradictions decided by count. */
class AnswerVotesTest {
    private record Settled(List<Row> rows, List<Problem> leftOut) {}

    private static Settled settle(String... lines) {
        List<Row> rows = Rows.of(List.of(lines)).rows();
        var votes = new AnswerVotes();
        rows.forEach(votes::add);
        return new Settled(rows.stream().filter(row -> votes.verdict(row).isEmpty()).toList(),
                rows.stream().flatMap(row -> votes.verdict(row).stream()).toList());
    }

    @Test
    void theCommonestAnswerStays() {
        Settled settled = settle(Rows.chat("q", "yes"), Rows.chat("Q ", "no"), Rows.chat("q", "Yes"),
                Rows.chat("other", "no"));
        assertThat(settled.rows()).extracting(Row::line).containsExactly(1, 3, 4);
        assertThat(settled.leftOut()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.message()).contains("most rows");
        });
    }

    @Test
    void withoutOneNoneStays() {
        Settled settled = settle(Rows.chat("q", "yes"), Rows.chat("q", "no"), Rows.chat("p", "no"));
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
