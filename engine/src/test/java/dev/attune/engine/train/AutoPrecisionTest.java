package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.Precision;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoPrecisionTest {
    private static final Tuning LORA = new Tuning.Lora(LoraConfig.allLinear(4));
    private static final String FAST = "flags\t\t: fpu avx512_bf16 sse4_1";

    @Test
    void aLargeModelStoredInBfloat16OnAProcessorThatMultipliesItIsHeldInIt() {
        assertThat(AutoPrecision.choose(LORA, "BF16", 135_000_000, FAST)).isEqualTo(Precision.BFLOAT16);
        assertThat(AutoPrecision.choose(LORA, "BF16", 50_000_000, "flags : amx_bf16")).isEqualTo(Precision.BFLOAT16);
    }

    @Test
    void whateverElseItIsIn32BitFloats() {
        assertThat(AutoPrecision.choose(LORA, "BF16", 49_999_999, FAST)).isEqualTo(Precision.FLOAT32);
        assertThat(AutoPrecision.choose(LORA, "F32", 135_000_000, FAST)).isEqualTo(Precision.FLOAT32);
        assertThat(AutoPrecision.choose(LORA, "F16", 135_000_000, FAST)).isEqualTo(Precision.FLOAT32);
        assertThat(AutoPrecision.choose(LORA, "BF16", 135_000_000, "flags : avx2")).isEqualTo(Precision.FLOAT32);
        assertThat(AutoPrecision.choose(new Tuning.Full(), "BF16", 135_000_000, FAST)).isEqualTo(Precision.FLOAT32);
        assertThat(AutoPrecision.of(JobFixture.BASE, LORA)).isEqualTo(Precision.FLOAT32);
    }

    @TempDir
    Path folder;

    @Test
    void aJobIsTrainedInThePrecisionThatItSays() throws Exception {
        JobSpec spec = JobFixture.spec(false, 2, 4).withPrecision(Precision.BFLOAT16);
        JobDirectory job = JobDirectory.create(folder.resolve("job"), spec,
                JobFixture.write(folder.resolve("rows.jsonl"), JobFixture.rows(12, 1)));
        assertThat(JobDirectory.open(job.path()).spec()).isEqualTo(spec);
        JobFixture.trainer(job).run();
        JobDirectory other = JobDirectory.create(folder.resolve("other"), spec.withPrecision(Precision.FLOAT32),
                folder.resolve("rows.jsonl"));
        JobFixture.trainer(other).run();

        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        assertThat(job.progress()).anyMatch(
                line -> line instanceof Progress.Note note && note.message().contains("multiplied in bfloat16"));
        assertThat(JobFixture.fingerprint(job.result())).isNotEqualTo(JobFixture.fingerprint(other.result()));
    }
}
