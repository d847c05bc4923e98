package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.LoraTargets;
import dev.attune.engine.data.DataFile;
import dev.attune.engine.data.OverLength;
import dev.attune.engine.data.TrainingMethod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobSpecTest {
    @TempDir
    Path dir;

    private static JobSpec plain() {
        return JobSpec.of("ftjob-1", Path.of("/models/tiny"), new Tuning.Lora(LoraConfig.allLinear(8)),
                new Hyperparameters(3, 8, 1), 42);
    }

    private JobSpec read(String json) {
        return JobSpec.read(JobFixture.write(dir.resolve("job.json"), json));
    }

    private JobSpec readAgain(JobSpec spec) {
        return read(new String(spec.toJson(), StandardCharsets.UTF_8));
    }

    @Test
    void allDefaults() {
        JobSpec spec = plain();
        assertThat(readAgain(spec)).isEqualTo(spec);
        assertThat(spec.method()).isEqualTo(TrainingMethod.SUPERVISED);
        assertThat(spec.data().validation()).isEqualTo(DataFile.NONE);
        assertThat(spec.data().overLength()).isEqualTo(OverLength.REFUSE);
        assertThat(spec.watch()).isEqualTo(new Watch(0, 0, true));
    }

    @Test
    void allKeys() {
        LoraConfig lora = LoraConfig.of(4, 6.5, LoraTargets.named(List.of("q_proj", "down_proj"))).withDropout(0.1)
                .stabilized().withPatterns(Map.of("q_proj", 2), Map.of("down_proj", 3.5)).withEmbedding();
        JobSpec spec = JobSpec.of("ftjob-1", dir, new Tuning.Lora(lora), new Hyperparameters(5, 16, 0.5), 9)
                .withBaseHash("ab").from(dir.resolve("adapter"))
                .withData(JobData.training("cd").withValidation("ef").withReplay("01", 0.25)
                        .withLength(512, OverLength.SPLIT))
                .watched(new Watch(2, 25, false)).withVersions(Map.of("java", "25"));
        assertThat(readAgain(spec)).isEqualTo(spec);
        String json = new String(spec.toJson(), StandardCharsets.UTF_8);
        assertThat(json).contains("\"job_id\"", "\"n_epochs\"", "\"over_length\"", "\"lora_alpha\"", "\"use_rslora\"");
        assertThat(json.replaceAll("\"[a-z0-9_]+\"\\s*:", "")).as("no name in another case").doesNotContain("\" :");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> plain().stoppingAfter(2)).hasMessageContaining("needs a validation file");
        assertThatThrownBy(() -> JobData.training("").withReplay("", 0)).hasMessageContaining("share of replayed rows");
        assertThatThrownBy(() -> JobData.training("").withReplay("", 0.95)).hasMessageContaining("at most 0.9");
    }

    @Test
    void aJobOfMagnitudesIsOne() {
        JobSpec spec = JobSpec.of("ftjob-1", dir, new Tuning.Lora(LoraConfig.allLinear(2).withMagnitudes()),
                new Hyperparameters(1, 1, 1), 1);
        assertThat(readAgain(spec)).isEqualTo(spec);
    }

    @Test
    void aJobOfAllWeightsIsOne() {
        JobSpec spec = JobSpec.of("ftjob-1", dir, new Tuning.Full(), new Hyperparameters(1, 1, 1), 1);
        assertThat(readAgain(spec)).isEqualTo(spec);
    }

    @Test
    void aJobOfPairsKeepsItsBeta() {
        JobSpec spec = plain().withMethod(new TrainingMethod.Dpo(0.25));
        assertThat(readAgain(spec)).isEqualTo(spec);
        assertThatThrownBy(() -> new TrainingMethod.Dpo(0)).hasMessageContaining("beta must be above 0");
        assertThatThrownBy(() -> new TrainingMethod.Dpo(2.1)).hasMessageContaining("at most 2, not 2.1");
        assertThatThrownBy(() -> spec.withData(spec.data().withLength(10, OverLength.SPLIT)))
                .hasMessageContaining("cannot be split");
    }

    @Test
    void aJobOfTheFirstReleasesStillReads() {
        JobSpec spec = read(
                """
                        {"jobId": "ftjob-old", "base": "file:///models/attune-nano/", "baseHash": "43", "initialAdapter": "",
                         "trainingFile": "data/training.jsonl", "trainingHash": "b0", "validationFile": "data/validation.jsonl",
                         "validationHash": "35", "method": "supervised", "epochs": 12, "batchSize": 8,
                         "learningRateMultiplier": 1.5,
                         "lora": {"rank": 16, "alpha": 32.0, "dropout": 0.0, "targets": {"modules": [], "pattern": "all-linear"},
                                  "rankStabilized": false, "rankPattern": {}, "alphaPattern": {}, "embedding": true},
                         "seed": 7, "maxTokens": 0, "versions": {"java": "25"}}
                        """);
        assertThat(spec).isEqualTo(JobSpec.of("ftjob-old", Path.of("/models/attune-nano"),
                new Tuning.Lora(LoraConfig.allLinear(16).withEmbedding()), new Hyperparameters(12, 8, 1.5), 7)
                .withBaseHash("43").withData(JobData.training("b0").withValidation("35"))
                .withVersions(Map.of("java", "25")));
    }

    @Test
    void whatIsNoJobIsRefusedInOneSentence() {
        assertThatThrownBy(() -> read("{}")).isInstanceOf(EngineException.class).hasMessageContaining("job.json");
        assertThatThrownBy(() -> read("nothing")).isInstanceOf(EngineException.class);
        String json = new String(plain().toJson(), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(json.replace("supervised", "telepathic")))
                .hasMessageContaining("the method telepathic is not known");
    }
}
