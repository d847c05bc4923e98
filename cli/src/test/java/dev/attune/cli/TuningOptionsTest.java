package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.workflow.JobRequest;
import dev.attune.workflow.TuningSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TuningOptionsTest {
    private static TuningSettings settings(String... arguments) {
        return CommandLine.populateCommand(new TuningOptions(), arguments).settings();
    }

    @Test
    void nothingGivenLeavesAllToTheServer() {
        assertThat(settings()).isEqualTo(TuningSettings.PLAIN);
    }

    @Test
    void everyFlagIsAKeyOfTheWire() {
        assertThat(settings("--method", "dpo", "--beta", "0.3", "--r", "8", "--lora-alpha", "12", "--lora-dropout",
                "0.05", "--target-modules", "q_proj,v_proj", "--use-rslora", "--use-dora", "--rank-pattern", "q_proj=4",
                "--rank-pattern", "v_proj=2", "--alpha-pattern", "q_proj=2.5", "--tuning", "lora", "--over-length",
                "drop", "--max-tokens", "512", "--replay-file", "general.jsonl", "--replay-share", "0.2", "--patience",
                "2", "--validate-every", "5", "--row-losses", "false"))
                .isEqualTo(new TuningSettings("dpo", 0.3,
                        Map.of("r", 8, "lora_alpha", 12.0, "lora_dropout", 0.05, "target_modules",
                                List.of("q_proj", "v_proj"), "use_rslora", true, "use_dora", true, "rank_pattern",
                                Map.of("q_proj", 4, "v_proj", 2), "alpha_pattern", Map.of("q_proj", 2.5)),
                        Map.of("tuning", "lora", "over_length", "drop", "max_tokens", 512, "replay_file",
                                "general.jsonl", "replay_share", 0.2, "patience", 2, "validate_every", 5, "row_losses",
                                false)));
    }

    @Test
    void targetsAreNamesOrOnePattern() {
        assertThat(settings("--target-modules", "q_proj").lora()).containsEntry("target_modules", List.of("q_proj"));
        assertThat(settings("--target-modules", "all-linear").lora()).containsEntry("target_modules", "all-linear");
        assertThat(settings("--target-modules", ".*\\.(q|v)_proj").lora()).containsEntry("target_modules",
                ".*\\.(q|v)_proj");
    }

    @Test
    void whatDoesNotFitTogetherIsOneSentence() {
        assertThat(settings("--method", "dpo").beta()).isEqualTo(JobRequest.AUTO);
        assertThatThrownBy(() -> settings("--method", "orpo")).isInstanceOf(CommandException.class)
                .hasMessage("--method is 'orpo': give supervised or dpo");
        assertThatThrownBy(() -> settings("--beta", "0.1")).hasMessageContaining("--method dpo");
        assertThatThrownBy(() -> settings("--replay-share", "0.1")).hasMessageContaining("--replay-file");
        assertThatThrownBy(() -> settings("--tuning", "full", "--r", "8")).hasMessageContaining("(r)");
    }
}
