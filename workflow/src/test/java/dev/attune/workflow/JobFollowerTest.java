package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.workflow.FakeOpenAi.Fault;
import dev.attune.workflow.WorkflowException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class JobFollowerTest {
    private FakeOpenAi server;
    private final List<JobEvent> heard = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server = new FakeOpenAi();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TuningJob follow(String id, Pause pause) throws InterruptedException {
        return new JobFollower(new FineTuning(server.client()), id, pause).follow(heard::add);
    }

    private static void emit(FakeOpenAi.Job job, int number) {
        job.events.add(FakeOpenAi.event("ftevent-" + number, "event " + number, FakeOpenAi.JSON.createObjectNode()));
    }

    @Test
    void everyEventOnceAndInOrder_whateverPagesClampsAndBrokenConnections() throws Exception {
        Random seeds = Seeds.random("JobFollowerTest");
        for (int round = 0; round < 60; round++) {
            var random = new Random(seeds.nextLong());
            String id = "ftjob-r" + round;
            FakeOpenAi.Job job = server.addJob(id, "running");
            int total = random.nextInt(1, 40);
            int[] emitted = {0};
            server.mostPerPage = random.nextInt(1, 9);
            server.hasMore = List.of("honest", "absent", "always").get(random.nextInt(3));
            server.faults = request -> {
                synchronized (server) {
                    for (int i = random.nextInt(4); i > 0 && emitted[0] < total; i--) {
                        emit(job, emitted[0]++);
                    }
                    if (emitted[0] == total && random.nextBoolean()) {
                        job.json.put("status", "succeeded");
                    }
                    return random.nextInt(6) == 0 ? Fault.values()[1 + random.nextInt(3)] : Fault.NONE;
                }
            };
            heard.clear();
            TuningJob ended = follow(id, time -> assertThat(time).isPositive());
            List<String> messages = heard.stream().filter(JobEvent.Message.class::isInstance)
                    .map(e -> ((JobEvent.Message) e).text()).toList();
            assertThat(messages).as("round %d", round)
                    .isEqualTo(java.util.stream.IntStream.range(0, total).mapToObj(i -> "event " + i).toList());
            assertThat(heard.getLast()).isEqualTo(new JobEvent.Finished(ended));
            assertThat(ended.succeeded()).isTrue();
        }
    }

    @Test
    void aJobThatEndedBeforeIsReportedWhole() throws Exception {
        FakeOpenAi.Job job = server.addJob("ftjob-1", "failed");
        job.json.putObject("error").put("code", "invalid_training_file").put("message", "no rows").putNull("param");
        for (int i = 0; i < 250; i++) {
            emit(job, i);
        }
        TuningJob ended = follow("ftjob-1", time -> {
            throw new AssertionError("no need to wait");
        });
        assertThat(heard.stream().filter(JobEvent.Message.class::isInstance)).hasSize(250);
        assertThat(ended.errorCode()).isEqualTo("invalid_training_file");
        assertThat(ended.errorMessage()).isEqualTo("no rows");
    }

    @Test
    void metricsComeFromDataAndWhereThatIsEmptyFromTheMessage() throws Exception {
        FakeOpenAi.Job job = server.addJob("ftjob-1", "succeeded");
        ObjectNode data = FakeOpenAi.JSON.createObjectNode().put("step", 60).put("total_steps", 200)
                .put("train_loss", 0.73)
                .put("train_mean_token_accuracy", 0.8).put("valid_loss", 1.46).put("tokens_per_second", 950.5)
                .put("seconds_left", 12);
        job.events.add(FakeOpenAi.event("a", "Step 60/200: training loss=0.73, validation loss=1.46", data));
        ObjectNode bare = FakeOpenAi.event("b",
                "Step 300/300: training loss=0.15, validation loss=0.27, full validation loss=0.40",
                FakeOpenAi.JSON.createObjectNode());
        bare.put("type", "metrics");
        job.events.add(bare);
        job.events.add(FakeOpenAi.event("c",
                "Checkpoint created at step 100 with Snapshot ID: ft:tiny:org:s:9uJ:ckpt-step-100",
                FakeOpenAi.JSON.createObjectNode()));
        follow("ftjob-1", time -> {});
        var first = (JobEvent.Metrics) heard.get(0);
        assertThat(first.step()).isEqualTo(60);
        assertThat(first.totalSteps()).isEqualTo(200);
        assertThat(first.trainLoss()).isEqualTo(0.73);
        assertThat(first.trainAccuracy()).isEqualTo(0.8);
        assertThat(first.validLoss()).isEqualTo(1.46);
        assertThat(first.fullValidLoss()).isNaN();
        assertThat(first.tokensPerSecond()).isEqualTo(950.5);
        assertThat(first.secondsLeft()).isEqualTo(12);
        var second = (JobEvent.Metrics) heard.get(1);
        assertThat(second.step()).isEqualTo(300);
        assertThat(second.totalSteps()).isEqualTo(300);
        assertThat(second.trainLoss()).isEqualTo(0.15);
        assertThat(second.validLoss()).isEqualTo(0.27);
        assertThat(second.fullValidLoss()).isEqualTo(0.40);
        assertThat(heard.get(2)).isInstanceOfSatisfying(JobEvent.Checkpoint.class, c -> {
            assertThat(c.step()).isEqualTo(100);
            assertThat(c.model()).isEqualTo("ft:tiny:org:s:9uJ:ckpt-step-100");
        });
    }

    @Test
    void answersThatBreakOpenAisOwnSchemaAreReadAllTheSame() throws Exception {
        FakeOpenAi.Job job = server.addJob("ftjob-1", "paused");
        job.json.putObject("error");
        job.json.putNull("hyperparameters");
        job.json.remove(List.of("organization_id", "result_files", "seed", "trained_tokens"));
        ObjectNode event = FakeOpenAi.event("a", "paused", FakeOpenAi.JSON.createObjectNode());
        event.putNull("data");
        event.put("type", "moderation_checks");
        event.put("level", "shout");
        job.events.add(event);
        ObjectNode bare = FakeOpenAi.JSON.createObjectNode();
        bare.put("message", "an event with nothing else");
        job.events.add(bare);
        int[] pauses = {0};
        TuningJob ended = follow("ftjob-1", time -> {
            if (++pauses[0] == 3) {
                job.json.putObject("error").putNull("code").putNull("message").putNull("param");
                job.json.put("status", "succeeded");
            }
        });
        assertThat(heard).filteredOn(JobEvent.Message.class::isInstance).extracting(e -> ((JobEvent.Message) e).text())
                .containsExactly("paused", "an event with nothing else");
        assertThat(heard).filteredOn(JobEvent.StatusChanged.class::isInstance)
                .extracting(e -> ((JobEvent.StatusChanged) e).job().status()).containsExactly("paused", "succeeded");
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.seed()).isEqualTo(-1);
        assertThat(ended.hyperparameters()).isEmpty();
    }

    @Test
    void anUnknownJobIsSaidSoAtOnce() {
        assertThatThrownBy(() -> follow("ftjob-none", time -> {
            throw new AssertionError("no need to wait");
        })).isInstanceOfSatisfying(WorkflowException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.NOT_FOUND);
            assertThat(e).hasMessage("Cannot follow job ftjob-none: No such object: ftjob-none.");
        });
    }

    @Test
    void waitsLongerAndLongerForASilentServerAndGivesUpAfterTenMinutes() {
        server.addJob("ftjob-1", "running");
        server.close();
        var waits = new ArrayList<Duration>();
        assertThatThrownBy(() -> follow("ftjob-1", waits::add)).isInstanceOfSatisfying(WorkflowException.class,
                e -> assertThat(e.code()).isEqualTo(Code.UNREACHABLE));
        assertThat(waits).startsWith(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(waits.stream().reduce(Duration.ZERO, Duration::plus)).isBetween(Duration.ofMinutes(10),
                Duration.ofMinutes(11));
        assertThat(heard).hasSize(waits.size()).allMatch(JobEvent.ConnectionLost.class::isInstance);
    }
}
