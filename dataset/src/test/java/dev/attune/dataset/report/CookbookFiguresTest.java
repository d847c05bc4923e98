package dev.attune.dataset.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.Distribution;
import dev.attune.dataset.PriceList;
import dev.attune.dataset.Problem;
import dev.attune.dataset.TokenCounter;
import dev.attune.dataset.target.Target;
import dev.attune.text.OpenAiTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The figures that OpenAI's notebook "Data preparation and analysis for chat model fine-tuning" prints for its toy file, for a
 * file of the same numbers: five rows of 26 to 8,032 tokens of cl100k_base, of which 4,306 are billed an epoch where a row
 * counts up to 4,096, and 20 epochs.
 */
class CookbookFiguresTest {
    private static final String MODEL = "gpt-3.5-turbo-0613";
    /** Three tokens and the role for each message, and three for the row. */
    private static final int AROUND = 2 * (3 + 1) + 3;

    @TempDir
    Path folder;

    private static String words(int tokens) {
        return "the" + " the".repeat(tokens - 1);
    }

    private Path file() throws IOException {
        var rows = new ArrayList<String>();
        for (int tokens : new int[]{26, 30, 45, 109, 8032}) {
            int asked = 10;
            rows.add(
                    ("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"%s\"}]}")
                            .formatted(words(asked), words(tokens - AROUND - asked)));
        }
        return Files.write(folder.resolve("toy.jsonl"), rows);
    }

    @Test
    void theyComeOut() throws IOException {
        try (var tokenizer = OpenAiTokenizer.forModel(MODEL)) {
            var checker = new FileChecker(Target.parse("openai:" + MODEL), TokenCounter.openAi(tokenizer, MODEL),
                    report -> report.estimate(-1, PriceList.shipped()), LocalDate.of(2026, 11, 21));
            FileReport report = checker.check(List.of(file()), List.of()).files().getFirst();
            Distribution tokens = report.data().tokens().total();
            assertThat(List.of(tokens.min(), tokens.max())).containsExactly(26L, 8032L);
            CostEstimate estimate = report.estimate().orElseThrow();
            assertThat(estimate.tokensPerEpoch()).isEqualTo(4_306);
            assertThat(estimate.epochs()).isEqualTo(20);
            assertThat(estimate.billedTokens()).isEqualTo(86_120);
            assertThat(report.findings().stream().flatMap(group -> group.problems().stream())
                    .map(Problem::message)).anyMatch(
                            message -> message.startsWith(
                                    "1 examples may be over the 4096 token limit, they will be truncated during fine-tuning"));
        }
    }
}
