package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} again and again, of the server and of its trainers, at moments of chance, while a client goes on
 * working: nothing that was acknowledged is lost, nothing gets stuck or is done twice, and the weights are those of jobs
 * that nobody disturbed. Replays with {@code -Dattune.seed}.
 */
class KilledAtRandomIT {
    private static final int KILLS = 6;
    private static final int JOBS = 2;
    private static final int BATCHES = 4;
    private static final int LINES = 12;

    @TempDir
    private Path folder;
    private final Map<String, String> files = new ConcurrentHashMap<>();
    private final Map<Integer, String> jobs = new ConcurrentHashMap<>();
    private final Map<Integer, String> batches = new ConcurrentHashMap<>();

    @Test
    void everythingAcknowledgedIsThere_allEndsOnce_andTheWeightsAreTheSame() throws Exception {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("KilledAtRandomIT: -Dattune.seed=" + seed);
        Path home = folder.resolve("home");
        int trainersKilled = disturb(home, new Random(seed));
        assertThat(jobs).as("a job was acknowledged between two kills").isNotEmpty();
        System.out.println("acknowledged: " + files.size() + " files, " + jobs.size() + " jobs, " + batches.size()
                + " batches; " + trainersKilled + " trainers were killed");

        Map<Integer, Map<String, byte[]>> disturbed = new ConcurrentHashMap<>();
        try (var server = Serving.start(home, 0)) {
            OpenAIClient client = client(server);
            for (var file : files.entrySet()) {
                assertThat(content(client, file.getKey())).isEqualTo(file.getValue());
            }
            for (var batch : batches.entrySet()) {
                assertEndedOnce(client, batch.getValue());
            }
            for (var job : jobs.entrySet()) {
                disturbed.put(job.getKey(), ended(client, job.getValue(), home));
            }
            assertThat(client.fineTuning().jobs().list().autoPager().stream().map(FineTuningJob::status)
                    .map(FineTuningJob.Status::asString)).as("jobs whose answer was lost end too")
                    .containsOnly("succeeded");
            client.close();
        }
        Path quiet = folder.resolve("quiet");
        try (var server = Serving.start(quiet, 0)) {
            OpenAIClient client = client(server);
            for (var job : disturbed.entrySet()) {
                Map<String, byte[]> undisturbed = ended(client, job(client, job.getKey()), quiet);
                assertThat(job.getValue().keySet()).isNotEmpty().isEqualTo(undisturbed.keySet());
                undisturbed.forEach((name, bytes) -> assertThat(job.getValue().get(name))
                        .as("job %s, %s", job.getKey(), name).isEqualTo(bytes));
            }
            client.close();
        }
    }

    /** Serves, lets a client work, and kills; returns how many trainers were killed. */
    private int disturb(Path home, Random random) throws InterruptedException {
        int trainersKilled = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            List<ProcessHandle> orphans;
            try (var server = Serving.start(home, 0)) {
                Thread load = Thread.ofVirtual().start(() -> work(server));
                Thread.sleep(1000 + random.nextInt(3000));
                if (random.nextBoolean()) {
                    List<ProcessHandle> trainers = server.trainers();
                    trainersKilled += trainers.size();
                    trainers.forEach(ProcessHandle::destroyForcibly);
                    Thread.sleep(random.nextInt(1500));
                }
                orphans = server.trainers();
                server.kill();
                load.join();
            }
            // A trainer can survive its server into the next one, or die with it.
            if (random.nextBoolean()) {
                orphans.forEach(ProcessHandle::destroyForcibly);
            }
        }
        return trainersKilled;
    }

    /** Works until the server is gone. */
    private void work(Serving server) {
        OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(server.baseUrl()).apiKey("any").maxRetries(0)
                .timeout(Duration.ofSeconds(20)).build();
        try {
            for (int i = 0; true; i++) {
                if (jobs.size() < JOBS) {
                    jobs.put(jobs.size(), job(client, jobs.size()));
                }
                if (batches.size() < BATCHES) {
                    batches.put(batches.size(), batch(client));
                }
                String text = "file " + i + " of " + server.port();
                files.put(upload(client, text, FilePurpose.USER_DATA), text);
                Thread.sleep(20);
            }
        } catch (OpenAIException gone) {
            assertThat(gone).hasRootCauseInstanceOf(IOException.class);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
        }
    }

    private static OpenAIClient client(Serving server) {
        return OpenAIOkHttpClient.builder().baseUrl(server.baseUrl()).apiKey("any").build();
    }

    private static String upload(OpenAIClient client, String text, FilePurpose purpose) {
        return client.files().create(FileCreateParams.builder().purpose(purpose)
                .file(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).build()).id();
    }

    /** A job that depends on its number only. */
    private static String job(OpenAIClient client, int number) {
        var rows = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            rows.append(Examples.row("the word number " + (100 * number + i), "word " + i * 7)).append('\n');
        }
        var method = SupervisedMethod.builder()
                .hyperparameters(SupervisedHyperparameters.builder().nEpochs(10).batchSize(4).build()).build();
        return client.fineTuning().jobs().create(JobCreateParams.builder().model(Serving.MODEL).seed(number)
                .trainingFile(upload(client, rows.toString(), FilePurpose.FINE_TUNE)).suffix("job-" + number)
                .method(JobCreateParams.Method.builder().type(JobCreateParams.Method.Type.SUPERVISED)
                        .supervised(method).build())
                .build()).id();
    }

    private static String batch(OpenAIClient client) {
        var lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            lines.append("{\"custom_id\":\"line-").append(i)
                    .append("\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"")
                    .append(Serving.MODEL)
                    .append("\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"say\"}]}}\n");
        }
        return client.batches().create(BatchCreateParams.builder()
                .inputFileId(upload(client, lines.toString(), FilePurpose.BATCH))
                .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                .completionWindow(BatchCreateParams.CompletionWindow._24H).build()).id();
    }

    private static void assertEndedOnce(OpenAIClient client, String id) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        Batch batch = client.batches().retrieve(id);
        while (batch.completedAt().isEmpty() && batch.failedAt().isEmpty()) {
            assertThat(System.nanoTime()).as("the batch is stuck: %s", batch).isLessThan(deadline);
            Thread.sleep(100);
            batch = client.batches().retrieve(id);
        }
        assertThat(batch.status()).as(batch.toString()).isEqualTo(Batch.Status.COMPLETED);
        String answers = content(client, batch.outputFileId().orElseThrow());
        assertThat(answers.lines().map(line -> line.replaceAll(".*\"custom_id\":\"([^\"]*)\".*", "$1")).toList())
                .isEqualTo(IntStream.range(0, LINES).mapToObj(i -> "line-" + i).toList());
    }

    /** Waits for a job's success, which is told once, as each step is; returns the files of its result by name. */
    private static Map<String, byte[]> ended(OpenAIClient client, String id, Path home)
            throws InterruptedException, IOException {
        FineTuningJob job = OpenAiJavaIT.end(client, id);
        assertThat(job.status()).as(job.toString()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        List<String> messages = client.fineTuning().jobs().listEvents(id).autoPager().stream()
                .map(event -> event.message()).toList();
        assertThat(messages).containsOnlyOnce("Fine-tuning job started", "The job has successfully completed",
                "New fine-tuned model created: " + job.fineTunedModel().orElseThrow());
        List<String> steps = messages.stream().filter(message -> message.startsWith("Step "))
                .map(message -> message.split(":", 2)[0]).toList();
        assertThat(steps).doesNotHaveDuplicates();
        Path result = home.resolve("jobs").resolve(id).resolve("result/adapter");
        var made = new ConcurrentHashMap<String, byte[]>();
        try (var list = Files.newDirectoryStream(result)) {
            var all = new ArrayList<Path>();
            list.forEach(all::add);
            for (Path file : all) {
                made.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return made;
    }

    private static String content(OpenAIClient client, String id) throws IOException {
        try (var response = client.files().content(id)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
