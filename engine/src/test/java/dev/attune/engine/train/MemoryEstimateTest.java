package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.config.ModelConfig;
import dev.attune.engine.config.ModelLayout;
import dev.attune.engine.tensor.Parameters;
import dev.attune.engine.tensor.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a trainer's process takes, against what the shapes say. */
@EnabledOnOs(OS.LINUX)
class MemoryEstimateTest {
    private static final double ERROR = 0.3;

    @TempDir
    Path folder;

    /** The tiny model's tokenizer with another shape and small random weights. */
    private Path model(String name, int hidden, int inner, int layers) throws IOException {
        Path model = Files.createDirectory(folder.resolve(name));
        for (String file : new String[]{"tokenizer.json", "tokenizer_config.json", "chat_template.jinja",
                "generation_config.json"}) {
            Files.copy(JobFixture.BASE.resolve(file), model.resolve(file));
        }
        Files.writeString(model.resolve("config.json"), Files.readString(JobFixture.BASE.resolve("config.json"))
                .replace("\"hidden_size\": 32", "\"hidden_size\": " + hidden)
                .replace("\"intermediate_size\": 64", "\"intermediate_size\": " + inner)
                .replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": " + layers)
                .replace("\"head_dim\": 8", "\"head_dim\": " + hidden / 4)
                .replace("\"max_position_embeddings\": 256", "\"max_position_embeddings\": 2048"));
        ModelConfig config = ModelConfig.read(model);
        try (Parameters weights = new ModelLayout(config).parameters().allocate(false)) {
            var random = new SplittableRandom(1);
            var writer = new SafetensorsWriter();
            for (Parameters.Slot slot : weights.slots()) {
                var memory = weights.memory(slot);
                for (long i = 0; i < memory.byteSize() / 4; i++) {
                    memory.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i,
                            (float) (0.05 * (random.nextDouble() - 0.5)));
                }
                writer.add(slot.name(), SafetensorsWriter.DataType.F32, slot.shape(), memory);
            }
            writer.write(model.resolve("model.safetensors"));
        }
        return model;
    }

    /** Rows with so many words in each question. */
    private Path rows(int rows, int words) {
        return JobFixture.write(folder.resolve("rows-" + words + ".jsonl"),
                JobFixture.rows(rows, 1).replace("Say ", "Say " + "again and ".repeat(words)));
    }

    private double error(Path model, Path rows) throws Exception {
        JobSpec spec = JobSpec.of("ftjob-test", model, new Tuning.Lora(LoraConfig.allLinear(16)),
                new Hyperparameters(2, 96, 1), 1);
        return error(model, spec, JobDirectory.create(folder.resolve(model.getFileName() + "-job"), spec, rows), 1);
    }

    private double error(Path model, JobSpec spec, JobDirectory job, int threads) throws Exception {
        int longest;
        try (JobExamples examples = JobExamples.read(job)) {
            longest = examples.longest();
        }
        MemoryPlan plan = MemoryPlan.of(spec, ModelConfig.read(model), threads, longest, Long.MAX_VALUE / 4);
        System.setProperty("attune.threads", Integer.toString(threads));
        long most = 0;
        try (TrainerProcess trainer = TrainerProcess.start(job)) {
            while (trainer.isAlive()) {
                most = Math.max(most, FlatMemoryTest.figure(trainer.pid(), "VmHWM:"));
                Thread.sleep(10);
            }
            assertThat(trainer.waitFor()).as(Files.readString(job.log())).isZero();
        } finally {
            System.clearProperty("attune.threads");
        }
        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        JobEstimate told = EstimateFile.read(job.path().resolve(EstimateFile.NAME)).orElseThrow();
        assertThat((double) most).as(told.told()).isBetween(told.leastBytes(), told.mostBytes());
        double error = (plan.bytes() - most) / (double) most;
        System.out.printf(Locale.ROOT, "%s, longest example %d tokens: estimated %s, taken %s, error %+.0f %%; %s%n",
                model.getFileName(), longest, MemoryPlan.size(plan.bytes()), MemoryPlan.size(most), 100 * error,
                job.progress().stream().filter(line -> line instanceof Progress.Note)
                        .map(line -> ((Progress.Note) line).message()).toList());
        return error;
    }

    /** Small batches, and far more rows to measure between them: what measures must not take more than what trains. */
    @Test
    void measuringManyRowsTakesNoMoreThanTheBoundsThatWereTold() throws Exception {
        Path model = Path.of("..", "models", "attune-nano").toAbsolutePath().normalize();
        JobSpec plain = JobSpec.of("ftjob-test", model, new Tuning.Lora(LoraConfig.allLinear(16).withEmbedding()),
                new Hyperparameters(2, 8, 1), 1);
        JobSpec spec = plain.withData(plain.data().withValidation(""));
        JobDirectory job = JobDirectory.create(folder.resolve("nano-job"), spec, rows(64, 20),
                JobFixture.write(folder.resolve("validation.jsonl"), Files.readString(rows(400, 21))));
        error(model, spec, job, 2);
    }

    @Test
    void theShapesSayWhatATrainerTakes() throws Exception {
        assertThat(error(model("wide", 320, 1280, 6), rows(96, 1))).isBetween(-ERROR, ERROR);
        assertThat(error(model("deep", 192, 512, 8), rows(20, 60))).isBetween(-ERROR, ERROR);
    }
}
