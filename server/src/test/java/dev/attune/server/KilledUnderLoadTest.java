package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import dev.attune.server.protocol.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is killed again and again while clients write: files, uploads in parts, jobs and batches. What it
 * acknowledged is there afterwards, and everything it began ends once.
 */
class KilledUnderLoadTest {
    private static final int KILLS = 3;
    private static final int MOST_JOBS = 3;
    private static final int MOST_BATCHES = 6;
    private static final int LINES = 5;

    @TempDir
    private Path home;
    private final Map<String, String> files = new ConcurrentHashMap<>();
    /** Uploads that were not acknowledged as completed, with their acknowledged parts: all or the first of two. */
    private final Map<String, List<String>> uploads = new ConcurrentHashMap<>();
    private final List<String> jobs = new CopyOnWriteArrayList<>();
    private final List<String> batches = new CopyOnWriteArrayList<>();

    @Test
    void whatWasAcknowledgedIsThere_andWhatWasBegunEndsOnce() throws Exception {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("KilledUnderLoadTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            serveAndKill(1000 + random.nextInt(2500));
        }
        assertThat(files).isNotEmpty();
        assertThat(jobs).isNotEmpty();
        assertThat(batches).isNotEmpty();

        try (var rig = Rig.start(home)) {
            for (Map.Entry<String, List<String>> upload : uploads.entrySet()) {
                finish(rig, upload.getKey(), upload.getValue());
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                assertThat(content(rig, file.getKey())).isEqualTo(file.getValue());
            }
            for (String batch : batches) {
                Batch done = awaitEnd(rig, batch);
                assertThat(done.status()).as(done.toString()).isEqualTo(Batch.Status.COMPLETED);
                assertThat(content(rig, done.outputFileId().orElseThrow()).lines().map(Json::tree)
                        .map(line -> line.path("custom_id").asString()).toList()).isEqualTo(ids());
            }
            for (String job : jobs) {
                FineTuningJob done = rig.awaitEnd(job);
                assertThat(done.status()).as(String.valueOf(done.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
                assertThat(rig.client().fineTuning().jobs()
                        .listEvents(JobListEventsParams.builder().fineTuningJobId(job).limit(500).build()).data()
                        .stream().map(FineTuningJobEvent::message).toList()).containsOnlyOnce(
                                "Fine-tuning job started", "The job has successfully completed");
            }
        }
    }

    private void serveAndKill(int millis) throws Exception {
        Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                KilledServerTest.Main.class.getName(), home.toString()).redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null && !line.startsWith("http://")) {
                line = out.readLine();
            }
            assertThat(line).as("the server did not start").isNotNull();
            String url = line;
            List<Thread> clients = IntStream.range(0, 3).mapToObj(i -> Thread.ofVirtual().start(() -> write(url, i)))
                    .toList();
            Thread.sleep(millis);
            server.destroyForcibly().waitFor();
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            server.destroyForcibly();
        }
    }

    /** Writes until the server is gone. */
    private void write(String url, int kind) {
        OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url).apiKey("any").maxRetries(0).build();
        try (var closing = (AutoCloseable) client::close) {
            for (int i = 1; true; i++) {
                switch (kind) {
                    case 0 -> job(client, i);
                    case 1 -> upload(client, i);
                    default -> batch(client);
                }
            }
        } catch (OpenAIException e) {
            assertThat(e).hasRootCauseInstanceOf(IOException.class);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void job(OpenAIClient client, int i) {
        String rows = Rig.rows(10 + i % 5);
        String file = file(client, rows, FilePurpose.FINE_TUNE);
        files.put(file, rows);
        if (jobs.size() < MOST_JOBS) {
            jobs.add(client.fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE).trainingFile(file)
                    .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(3).batchSize(4).build())
                    .build()).id());
        }
    }

    private void upload(OpenAIClient client, int i) {
        String content = "first half " + i + ", " + "second half";
        int middle = content.indexOf(',');
        String upload = client.uploads().create(UploadCreateParams.builder().bytes(content.length())
                .filename("a.txt").mimeType("text/plain").purpose(FilePurpose.USER_DATA).build()).id();
        String one = part(client, upload, content.substring(0, middle));
        uploads.put(upload, List.of(one, content));
        String two = part(client, upload, content.substring(middle));
        uploads.put(upload, List.of(one, two, content));
        if (i % 2 == 0) {
            files.put(client.uploads()
                    .complete(UploadCompleteParams.builder().uploadId(upload).partIds(List.of(one, two)).build()).file()
                    .orElseThrow().id(), content);
            uploads.remove(upload);
        }
    }

    /** Sends what is missing of an upload and completes it; its completion may have happened without an answer. */
    private static void finish(Rig rig, String upload, List<String> known) throws IOException {
        String content = known.getLast();
        String two = known.size() == 3
                ? known.get(1)
                : part(rig.client(), upload, content.substring(content.indexOf(',')));
        try {
            var done = rig.client().uploads().complete(UploadCompleteParams.builder().uploadId(upload)
                    .partIds(List.of(known.getFirst(), two)).build());
            assertThat(content(rig, done.file().orElseThrow().id())).isEqualTo(content);
        } catch (com.openai.errors.BadRequestException e) {
            assertThat(e).hasMessageContaining("'completed'");
        }
    }

    private void batch(OpenAIClient client) throws InterruptedException {
        var lines = new StringBuilder();
        ids().forEach(id -> lines.append("{\"custom_id\":\"").append(id)
                .append("\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"tiny-chat\",")
                .append("\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":\"say\"}]}}\n"));
        String file = file(client, lines.toString(), FilePurpose.BATCH);
        files.put(file, lines.toString());
        if (batches.size() < MOST_BATCHES) {
            batches.add(client.batches().create(BatchCreateParams.builder().inputFileId(file)
                    .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                    .completionWindow(BatchCreateParams.CompletionWindow._24H).build()).id());
        }
        Thread.sleep(20);
    }

    private static List<String> ids() {
        return IntStream.rangeClosed(1, LINES).mapToObj(i -> "r" + i).toList();
    }

    private static String file(OpenAIClient client, String content, FilePurpose purpose) {
        return client.files().create(FileCreateParams.builder()
                .file(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8))).purpose(purpose).build())
                .id();
    }

    private static String part(OpenAIClient client, String upload, String content) {
        return client.uploads().parts().create(PartCreateParams.builder().uploadId(upload)
                .data(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8))).build()).id();
    }

    private static Batch awaitEnd(Rig rig, String id) throws InterruptedException {
        for (int i = 0; i < 1200; i++) {
            Batch batch = rig.client().batches().retrieve(id);
            if (batch.completedAt().isPresent() || batch.failedAt().isPresent()) {
                return batch;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("batch " + id + " does not end: " + rig.client().batches().retrieve(id));
    }

    private static String content(Rig rig, String id) throws IOException {
        try (var response = rig.client().files().content(id)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
