package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.finetuning.jobs.JobCreateParams;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TuningSettingsTest {
    private static JobCreateParams params(TuningSettings settings) {
        return new JobRequest("m", "file-1", "", "", 3, JobRequest.AUTO, 0.5, JobRequest.AUTO, settings, Map.of(), "")
                .params();
    }

    @Test
    void plainSettingsAddNothingThatOtherProvidersDoNotKnow() {
        JobCreateParams params = params(TuningSettings.PLAIN);
        assertThat(params._additionalBodyProperties()).isEmpty();
        var method = params.method().orElseThrow();
        assertThat(method.type()).isEqualTo(JobCreateParams.Method.Type.SUPERVISED);
        var numbers = method.supervised().orElseThrow().hyperparameters().orElseThrow();
        assertThat(numbers.nEpochs().orElseThrow().asInteger()).isEqualTo(3L);
        assertThat(numbers.batchSize().orElseThrow().isAuto()).isTrue();
        assertThat(numbers.learningRateMultiplier().orElseThrow().asNumber()).isEqualTo(0.5);
    }

    @Test
    void pairsAdapterAndTrainingGoByTheirNames() {
        var settings = new TuningSettings("dpo", 0.2, Map.of("r", 8, "target_modules", List.of("q_proj")),
                Map.of("over_length", "drop", "replay_file", "general.jsonl")).withReplayFile("file-7");
        JobCreateParams params = params(settings);
        var method = params.method().orElseThrow();
        assertThat(method.type()).isEqualTo(JobCreateParams.Method.Type.DPO);
        var numbers = method.dpo().orElseThrow().hyperparameters().orElseThrow();
        assertThat(numbers.beta().orElseThrow().asNumber()).isEqualTo(0.2);
        assertThat(numbers.nEpochs().orElseThrow().asInteger()).isEqualTo(3L);
        assertThat(params._additionalBodyProperties().get("lora").convert(Map.class))
                .isEqualTo(Map.of("r", 8, "target_modules", List.of("q_proj")));
        assertThat(params._additionalBodyProperties().get("training").convert(Map.class))
                .isEqualTo(Map.of("over_length", "drop", "replay_file", "file-7"));
    }
}
