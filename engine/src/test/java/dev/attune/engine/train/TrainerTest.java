package dev.attune.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.engine.config.BaseModel;
import dev.attune.engine.config.LoraConfig;
import dev.attune.engine.data.OverLength;
import dev.attune.engine.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainerTest {
    @TempDir
    Path folder;

    private static <P extends Progress> List<P> said(JobDirectory job, Class<P> kind) {
        return job.progress().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void aJobGoesFromStartedToSucceededAndLeavesItsAdapterAndItsFigures() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 20, 4, 4, true);

        assertThat(JobFixture.trainer(job).run()).isEqualTo(Trainer.Rest.OVER);

        assertThat(job.outcome()).containsInstanceOf(Progress.Succeeded.class);
        Progress.Started started = (Progress.Started) job.progress().getFirst();
        assertThat(started.totalSteps()).isEqualTo(20);
        assertThat(started.trainingExamples()).isEqualTo(20);
        assertThat(started.validationExamples()).isEqualTo(12);
        assertThat(said(job, Progress.Succeeded.class)).singleElement().extracting(Progress.Succeeded::trainedTokens)
                .isEqualTo(4 * started.tokensPerEpoch());
        assertThat(said(job, Progress.CheckpointSaved.class)).extracting(Progress.CheckpointSaved::step)
                .containsExactly(5, 10, 15, 20);
        assertThat(said(job, Progress.Step.class)).extracting(Progress.Step::step).contains(1, 5, 10, 15, 20)
                .isSorted().doesNotHaveDuplicates();
        assertThat(said(job, Progress.Step.class)).last().satisfies(step -> {
            assertThat(step.metrics().fullValidLoss()).isPositive().isFinite();
            assertThat(step.metrics().validLoss()).isPositive().isFinite();
            assertThat(step.tokensPerSecond()).isPositive();
            assertThat(step.secondsLeft()).as("a pass over the rows, and a checkpoint").isBetween(0.0, 10.0);
        });
        assertThat(job.checkpoints()).extracting(Checkpoint::step).as("the last three, and the best")
                .endsWith(10, 15, 20).hasSizeBetween(3, 4);
        List<String> lines = Files.readAllLines(job.result().resolve("metrics.csv"));
        assertThat(lines).hasSize(21);
        assertThat(lines.getFirst()).isEqualTo("step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy");
        assertThat(lines.getLast()).matches("20,\\d+\\.\\d+,\\d+\\.\\d+,\\d+\\.\\d+,\\d+\\.\\d+");
        assertThat(folder.resolve("job/reserve")).doesNotExist();
        assertThat(said(job, Progress.Note.class).getFirst().message())
                .matches("Training will take about \\d+ s \\(\\d+ s to \\d+ s\\).*\\.");
        assertThat(said(job, Progress.Note.class).getLast().message())
                .matches("Training took \\d+ s, \\d+ % (above|below) the estimate of .*\\.");
    }

    @Test
    void theAdapterIsInThePeftLayout() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 12, 1, 4, false);
        JobFixture.trainer(job).run();

        JsonNode config = JsonMapper.shared()
                .readTree(Files.readAllBytes(job.result().resolve("adapter/adapter_config.json")));
        assertThat(config.path("peft_type").asString()).isEqualTo("LORA");
        assertThat(config.path("r").asInt()).isEqualTo(4);
        assertThat(config.path("lora_alpha").asInt()).isEqualTo(8);
        assertThat(config.path("task_type").asString()).isEqualTo("CAUSAL_LM");
        assertThat(config.path("base_model_name_or_path").asString()).isEqualTo("tiny-chat");
        try (var tensors = Safetensors.openFile(job.result().resolve("adapter/adapter_model.safetensors"))) {
            assertThat(tensors.names()).hasSize(2 * 2 * 7 + 2)
                    .contains("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                            "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight",
                            "base_model.model.model.embed_tokens.weight", "base_model.model.lm_head.weight");
            assertThat(tensors.shape("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"))
                    .containsExactly(4, 32);
            assertThat(tensors.shape("base_model.model.model.layers.1.mlp.down_proj.lora_B.weight"))
                    .containsExactly(32, 4);
        }
    }

    @Test
    void stoppedAfterAnyNumberOfStepsItEndsWithTheSameBytes() throws Exception {
        JobDirectory undisturbed = JobFixture.job(folder, "undisturbed", 12, 3, 4, true);
        JobFixture.trainer(undisturbed).run();

        for (int steps = 1; steps <= 4; steps++) {
            JobDirectory job = JobFixture.job(folder, "stopped-" + steps, 12, 3, 4, true);
            int starts = 1;
            while (JobFixture.trainer(job, JobFixture.stopAfter(steps)).run() == Trainer.Rest.STOPPED) {
                starts++;
            }
            assertThat(starts).isGreaterThan(2);
            assertThat(JobFixture.fingerprint(job.result())).isEqualTo(JobFixture.fingerprint(undisturbed.result()));
            assertThat(said(job, Progress.Step.class)).extracting(Progress.Step::step).isSorted()
                    .doesNotHaveDuplicates().endsWith(9);
            assertThat(said(job, Progress.CheckpointSaved.class)).extracting(Progress.CheckpointSaved::step)
                    .containsExactly(3, 6, 9);
            assertThat(said(job, Progress.Started.class)).hasSize(1);
        }
    }

    @Test
    void aDamagedCheckpointIsToldAndTrainingGoesOnFromTheOneBefore() throws Exception {
        JobDirectory undisturbed = JobFixture.job(folder, "undisturbed", 12, 3, 4, false);
        JobFixture.trainer(undisturbed).run();
        JobDirectory job = JobFixture.job(folder, "damaged", 12, 3, 4, false);
        JobFixture.trainer(job, JobFixture.stopAfter(7)).run();
        Path weights = job.checkpoints().getLast().directory().resolve("optimizer.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 9] ^= 4;
        Files.write(weights, bytes);

        JobFixture.trainer(job).run();

        assertThat(said(job, Progress.Note.class)).extracting(Progress.Note::message)
                .anyMatch(message -> message.contains("step-000007 is damaged"))
                .contains("Training continues after step 6.");
        assertThat(JobFixture.fingerprint(job.result())).isEqualTo(JobFixture.fingerprint(undisturbed.result()));
    }

    @Test
    void aCheckpointThatWasNotToldBeforeTheCrashIsToldAfterIt() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 12, 3, 4, false);
        JobFixture.trainer(job, JobFixture.stopAfter(4)).run();
        Path progress = job.path().resolve("progress.jsonl");
        List<String> before = Files.readAllLines(progress);
        int told = before
                .indexOf(before.stream().filter(line -> line.contains("\"checkpoint\"")).findFirst().orElseThrow());
        Files.writeString(progress, String.join("\n", before.subList(0, told)) + "\n");

        JobFixture.trainer(job).run();

        assertThat(said(job, Progress.CheckpointSaved.class)).extracting(Progress.CheckpointSaved::step)
                .containsExactly(3, 6, 9);
    }

    @Test
    void aJobThatIsOverStaysAsItIs() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 12, 1, 4, false);
        JobFixture.trainer(job).run();
        var before = JobFixture.fingerprint(job.path());

        assertThat(JobFixture.trainer(job).run()).isEqualTo(Trainer.Rest.OVER);

        assertThat(JobFixture.fingerprint(job.path())).isEqualTo(before);
    }

    @Test
    void aCancelledJobEndsBeforeItsNextStepAndSaysSo() throws Exception {
        JobDirectory job = JobFixture.job(folder, "job", 12, 3, 4, false);
        var asked = new AtomicInteger();
        JobFixture.trainer(job, () -> {
            if (asked.incrementAndGet() == 5) {
                job.requestCancel();
            }
            return Trainer.Wish.GO_ON;
        }).run();

        assertThat(job.outcome()).containsInstanceOf(Progress.Cancelled.class);
        assertThat(asked).hasValue(5);
        assertThat(job.result()).doesNotExist();
        assertThat(job.checkpoints()).extracting(Checkpoint::step).containsExactly(3);
    }

    private Progress.Failed failure(String training) throws Exception {
        Path file = JobFixture.write(folder.resolve("training.jsonl"), training);
        JobDirectory job = JobDirectory.create(folder.resolve("job"), JobFixture.spec(false, 1, 4), file);
        JobFixture.trainer(job).run();
        assertThat(job.checkpoints()).isEmpty();
        return (Progress.Failed) job.outcome().orElseThrow();
    }

    @Test
    void rowsThatCannotBeTrainedFailTheJobInOneSentenceThatNamesThemAll() throws Exception {
        String good = JobFixture.rows(12, 1);
        String tooLong = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(300)
                + "\"},{\"role\":\"assistant\",\"content\":\"ok\"}]}\n";
        String noAnswer = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}\n";

        Progress.Failed failed = failure(good + noAnswer + tooLong + "{broken\n");

        assertThat(failed.code()).isEqualTo("invalid_training_file");
        assertThat(failed.param()).isEqualTo("training_file");
        assertThat(failed.message()).startsWith("The training file has 3 problems: ").endsWith(".")
                .contains("line 13").contains("line 14").contains("line 15").contains("at most 256");
    }

    /** Whatever becomes of the long row, the job goes through and its events say what was lost. */
    @Test
    void tooLongRowsAreLeftOutCutOrSplitAndCountedWhereTheJobSaysSo() throws Exception {
        String tooLong = "{\"messages\":[{\"role\":\"user\",\"content\":\"Go on.\"},{\"role\":\"assistant\",\"content\":\""
                + "word ".repeat(300) + "\"}]}\n";
        Path file = JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(12, 1) + tooLong);
        var examples = new java.util.EnumMap<OverLength, Integer>(OverLength.class);
        for (OverLength policy : List.of(OverLength.DROP, OverLength.TRUNCATE, OverLength.SPLIT)) {
            JobSpec spec = JobFixture.spec(false, 1, 4);
            JobDirectory job = JobDirectory.create(folder.resolve(policy.jsonName()),
                    spec.withData(spec.data().withLength(200, policy)), file);

            JobFixture.trainer(job).run();

            assertThat(job.outcome()).as(policy.jsonName()).containsInstanceOf(Progress.Succeeded.class);
            assertThat(said(job, Progress.Note.class)).filteredOn(note -> note.level() == Progress.Level.WARN)
                    .singleElement().extracting(Progress.Note::message).asString()
                    .startsWith("1 of 13 examples of the training file have more than 200 tokens: 1 was ");
            examples.put(policy, ((Progress.Started) job.progress().getFirst()).trainingExamples());
        }
        assertThat(examples).containsEntry(OverLength.DROP, 12).containsEntry(OverLength.TRUNCATE, 13);
        assertThat(examples.get(OverLength.SPLIT)).isGreaterThan(13);
    }

    /** Training rows that say nothing of the validation rows: what helps the one hurts the other. */
    private JobDirectory overfitting(String name, int patience) {
        JobSpec spec = JobSpec.of("ftjob-test", JobFixture.BASE,
                new Tuning.Lora(LoraConfig.allLinear(4).withEmbedding()), new Hyperparameters(12, 4, 2),
                JobFixture.SEED);
        return JobDirectory.create(folder.resolve(name),
                spec.withData(spec.data().withValidation("")).stoppingAfter(patience),
                JobFixture.write(folder.resolve("few.jsonl"), JobFixture.rows(12, 1)),
                JobFixture.write(folder.resolve("others.jsonl"), JobFixture.rows(12, 2)));
    }

    @Test
    void overfittingIsNamedAndTheBestCheckpointKept() throws Exception {
        JobDirectory job = overfitting("job", 0);
        Trainer trainer = JobFixture.trainer(job);
        trainer.run();

        List<Progress.Step> ends = said(job, Progress.Step.class).stream()
                .filter(step -> Double.isFinite(step.metrics().fullValidLoss())).toList();
        Progress.Step best = ends.stream()
                .min(Comparator.comparingDouble(step -> step.metrics().fullValidLoss())).orElseThrow();
        assertThat(best.step()).isLessThan(ends.getLast().step());
        assertThat(said(job, Progress.Note.class)).extracting(Progress.Note::message)
                .anyMatch(message -> message.startsWith("The model is overfitting"))
                .anyMatch(message -> message.startsWith("The best checkpoint is that of step " + best.step())
                        && message.endsWith("the result is the last one, of step 36."));
        assertThat(job.checkpoints()).extracting(Checkpoint::step).contains(best.step(), 36);
        assertThat(job.result().resolve("adapter/adapter_model.safetensors"))
                .hasSameBinaryContentAs(job.checkpoints().getLast().adapter().resolve("adapter_model.safetensors"));
    }

    @Test
    void withPatienceTrainingEndsEarlyWithTheBestCheckpointAndTheSameBytesHoweverOftenStopped() throws Exception {
        JobDirectory job = overfitting("job", 2);
        JobFixture.trainer(job).run();
        JobDirectory stopped = overfitting("stopped", 2);
        while (JobFixture.trainer(stopped, JobFixture.stopAfter(2)).run() == Trainer.Rest.STOPPED) {
            assertThat(stopped.outcome()).isEmpty();
        }

        Progress.Succeeded success = (Progress.Succeeded) job.outcome().orElseThrow();
        Progress.Step last = said(job, Progress.Step.class).getLast();
        assertThat(last.epoch()).isLessThan(12);
        assertThat(success.trainedTokens())
                .isEqualTo(last.epoch() * ((Progress.Started) job.progress().getFirst()).tokensPerEpoch());
        assertThat(said(job, Progress.Note.class)).extracting(Progress.Note::message)
                .contains("Training stopped early, after epoch " + last.epoch()
                        + " of 12: the loss on the validation file has not fallen for 2 epochs.");
        Checkpoint best = job.checkpoints().stream()
                .min(Comparator.comparingDouble(at -> at.metrics().fullValidLoss())).orElseThrow();
        assertThat(best.step()).isEqualTo(last.step() - 6);
        assertThat(job.result().resolve("adapter/adapter_model.safetensors"))
                .hasSameBinaryContentAs(best.adapter().resolve("adapter_model.safetensors"));
        assertThat(JobFixture.fingerprint(stopped.result())).isEqualTo(JobFixture.fingerprint(job.result()));
        assertThat(stopped.path().resolve(RowLossFile.NAME))
                .hasSameBinaryContentAs(job.path().resolve(RowLossFile.NAME));
        assertThat(said(stopped, Progress.Note.class).stream()
                .filter(note -> note.message().startsWith("The model is overfitting"))).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void replayedRowsAreMixedInAndCounted() throws Exception {
        JobSpec plain = JobFixture.spec(false, 2, 4);
        JobDirectory job = JobDirectory.create(folder.resolve("job"),
                plain.withData(plain.data().withReplay("", 0.25)),
                JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(12, 1)),
                JobFixture.write(folder.resolve("replay.jsonl"), JobFixture.rows(6, 2)));
        JobDirectory stopped = JobDirectory.create(folder.resolve("stopped"), job.spec(),
                folder.resolve("training.jsonl"), folder.resolve("replay.jsonl"));
        JobFixture.trainer(job).run();
        while (JobFixture.trainer(stopped, JobFixture.stopAfter(3)).run() == Trainer.Rest.STOPPED) {
            assertThat(stopped.outcome()).isEmpty();
        }

        Progress.Started started = (Progress.Started) job.progress().getFirst();
        assertThat(started.totalSteps()).as("12 rows and 4 replayed ones an epoch").isEqualTo(8);
        assertThat(((Progress.Succeeded) job.outcome().orElseThrow()).trainedTokens())
                .isGreaterThan(2 * started.tokensPerEpoch());
        assertThat(JobFixture.fingerprint(stopped.result())).isEqualTo(JobFixture.fingerprint(job.result()));
    }

    @Test
    void anEmptyFileIsNamed() throws Exception {
        assertThat(failure("").code()).isEqualTo("invalid_training_file");
    }

    @Test
    void dataThatChangedSinceTheJobWasMadeIsRefused() throws Exception {
        Path file = JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(12, 1));
        JobSpec spec = JobFixture.spec(false, 1, 4).withBaseHash(BaseModel.hash(JobFixture.BASE))
                .withData(JobData.training(CheckpointStore.sha256(file)));
        JobDirectory job = JobDirectory.create(folder.resolve("job"), spec, file);
        Files.writeString(job.trainingFile(), JobFixture.rows(12, 2));

        JobFixture.trainer(job).run();

        assertThat(job.outcome()).get().isInstanceOfSatisfying(Progress.Failed.class,
                failed -> assertThat(failed.code()).isEqualTo("file_changed"));
    }

    @Test
    void aLearningRateThatTearsTheWeightsApartIsNamed() throws Exception {
        Path file = JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(12, 1));
        JobSpec spec = JobSpec.of("ftjob-x", JobFixture.BASE, new Tuning.Lora(LoraConfig.allLinear(4)),
                new Hyperparameters(20, 4, 1e30), 7);
        JobDirectory job = JobDirectory.create(folder.resolve("job"), spec, file);

        JobFixture.trainer(job).run();

        assertThat(job.outcome()).get().isInstanceOfSatisfying(Progress.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("training_diverged");
            assertThat(failed.message()).contains("learning_rate_multiplier").contains("(not a number)")
                    .containsPattern("line \\d+ .*line \\d+ .*line \\d+ .*line \\d+ ");
        });
    }

    @Test
    void aBaseModelThatIsGoneIsNamed() throws Exception {
        Path file = JobFixture.write(folder.resolve("training.jsonl"), JobFixture.rows(12, 1));
        JobSpec spec = JobSpec.of("ftjob-x", folder.resolve("no-model"),
                new Tuning.Lora(LoraConfig.allLinear(4)), new Hyperparameters(1, 4, 1), 7);
        JobDirectory job = JobDirectory.create(folder.resolve("job"), spec, file);

        JobFixture.trainer(job).run();

        assertThat(job.outcome()).get().isInstanceOfSatisfying(Progress.Failed.class, failed -> {
            assertThat(failed.param()).isEqualTo("model");
            assertThat(failed.message()).contains("no-model");
        });
    }

    @Test
    void trainingGoesOnFromAnAdapterThatIsGiven() throws Exception {
        JobDirectory first = JobFixture.job(folder, "first", 16, 20, 4, false);
        JobFixture.trainer(first).run();
        double reached = said(first, Progress.Step.class).getLast().metrics().trainLoss();
        JobSpec spec = JobSpec.of("ftjob-2", JobFixture.BASE, first.spec().tuning(),
                new Hyperparameters(1, 4, 0.01), 7).from(first.result().resolve("adapter"));
        JobDirectory second = JobDirectory.create(folder.resolve("second"), spec, first.trainingFile());

        JobFixture.trainer(second).run();

        double fresh = said(first, Progress.Step.class).getFirst().metrics().trainLoss();
        assertThat(said(second, Progress.Step.class).getFirst().metrics().trainLoss())
                .isLessThan((fresh + reached) / 2);
    }
}
