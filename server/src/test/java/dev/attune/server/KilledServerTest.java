package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own, killed in the midst of work: what it had acknowledged is there afterwards. */
class KilledServerTest {
    @TempDir
    private Path home;

    /** The killed process: prints its base URL and serves until then. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println(AttuneServer.start(Rig.settings(Path.of(args[0]), 0, "")).baseUrl());
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void nothingAcknowledgedIsLost_andTheJobInTrainingSucceedsOnce() throws Exception {
        long seed = Long.getLong("attune.seed", System.nanoTime());
        System.out.println("KilledServerTest: -Dattune.seed=" + seed);
        var random = new Random(seed);
        Map<String, String> files = new LinkedHashMap<>();
        List<String> jobs = new ArrayList<>();
        Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), home.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url(out)).apiKey("any").maxRetries(0).build();
            String training = upload(client, Rig.rows(400));
            files.put(training, Rig.rows(400));
            jobs.add(client.fineTuning().jobs().create(JobCreateParams.builder().model(Rig.BASE)
                    .trainingFile(training)
                    .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(3).batchSize(2).build()).build())
                    .id());
            awaitStep(client, jobs.getFirst());
            Thread.ofVirtual().start(() -> killAfter(server, random.nextInt(1500)));
            write(client, files, jobs);
            client.close();
        } finally {
            server.destroyForcibly().waitFor();
        }

        try (var rig = Rig.start(home)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                try (var response = rig.client().files().content(file.getKey())) {
                    assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                            .isEqualTo(file.getValue());
                }
            }
            assertThat(rig.client().fineTuning().jobs().list().autoPager().stream().map(FineTuningJob::id).toList())
                    .containsAll(jobs);
            FineTuningJob trained = rig.awaitEnd(jobs.getFirst());
            assertThat(trained.status()).as(String.valueOf(trained.error())).isEqualTo(FineTuningJob.Status.SUCCEEDED);
            assertThat(messages(rig.client(), trained.id())).containsOnlyOnce("Fine-tuning job started",
                    "The job has successfully completed");
        }
    }

    /** Uploads and creates until the server dies; what was answered goes into the collections. */
    private static void write(OpenAIClient client, Map<String, String> files, List<String> jobs) {
        try {
            for (int i = 1; true; i++) {
                String rows = Rig.rows(i % 9 + 1);
                String file = upload(client, rows);
                files.put(file, rows);
                jobs.add(client.fineTuning().jobs()
                        .create(JobCreateParams.builder().model(Rig.BASE).trainingFile(file).build()).id());
            }
        } catch (OpenAIException e) {
            assertThat(e).hasRootCauseInstanceOf(IOException.class);
        }
    }

    private static void killAfter(Process server, int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.destroyForcibly();
    }

    private static String url(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("http://")) {
                return line;
            }
        }
        throw new AssertionError("the server did not start");
    }

    private static String upload(OpenAIClient client, String rows) {
        return client.files()
                .create(FileCreateParams.builder()
                        .file(new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8)))
                        .purpose(FilePurpose.FINE_TUNE).build())
                .id();
    }

    private static void awaitStep(OpenAIClient client, String id) throws InterruptedException {
        for (int i = 0; i < 1200 && messages(client, id).stream().noneMatch(m -> m.startsWith("Step ")); i++) {
            Thread.sleep(50);
        }
        assertThat(messages(client, id)).anyMatch(m -> m.startsWith("Step "));
    }

    private static List<String> messages(OpenAIClient client, String id) {
        return client.fineTuning().jobs()
                .listEvents(JobListEventsParams.builder().fineTuningJobId(id).limit(1000).build()).data().stream()
                .map(FineTuningJobEvent::message).toList();
    }
}
