package dev.attune.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.engine.EngineException;
import dev.attune.engine.train.ModelCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching from a hub that is served here and misbehaves as real ones do. */
class ModelPullTest {
    private static final Path TINY = Path.of("..", "fixtures", "tiny-chat");
    private static final String WEIGHTS = "model.safetensors";

    private static final ModelPull.Waits WAITS = new ModelPull.Waits(Duration.ofMillis(1), Duration.ofMillis(400));

    @TempDir
    Path dir;

    private SmallHub hub;

    @BeforeEach
    void serve() throws IOException {
        hub = SmallHub.of(TINY);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private String pull() {
        return pull("");
    }

    private String pull(String token) {
        return new ModelPull(hub.endpoint(token), SmallHub.MODEL, "main", WAITS)
                .into(dir.resolve("chat"), (file, done, total) -> assertThat(done).isLessThanOrEqualTo(total));
    }

    private void assertWhole() throws IOException {
        for (String name : new String[]{WEIGHTS, "config.json", "tokenizer.json"}) {
            assertThat(Files.mismatch(TINY.resolve(name), dir.resolve("chat").resolve(name))).as(name).isEqualTo(-1);
        }
        assertThat(dir.resolve("chat.partial")).doesNotExist();
    }

    @Test
    void onlyWhatMakesTheModelIsFetchedAndItLoads() throws IOException {
        for (String other : new String[]{"pytorch_model.bin", "model.onnx", "chat-q8_0.gguf", "README.md",
                ".gitattributes",
                "adapter_model.safetensors"}) {
            hub.files.put(other, new byte[]{1, 2, 3});
        }
        hub.files.put("LICENSE", "free".getBytes(StandardCharsets.UTF_8));

        assertThat(pull()).isEqualTo(hub.commit);

        var names = new TreeSet<String>();
        try (var files = Files.list(dir.resolve("chat"))) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        }
        assertThat(names).containsExactly("LICENSE", "chat_template.jinja", "config.json", "generation_config.json",
                WEIGHTS, "tokenizer.json", "tokenizer_config.json");
        assertWhole();
        assertThat(ModelCheck.of(dir.resolve("chat"), 1L << 40).passes()).isTrue();
        // A folder in the making is no model yet.
        assertThat(hub.requests.getLast()).endsWith("config.json");
    }

    @Test
    void aBrokenConnectionIsGoneOnFrom() throws IOException {
        hub.breaks.set(3);
        pull();
        assertWhole();
        assertThat(hub.requests.stream().filter(request -> request.contains("/cdn/")).toList()).hasSize(4)
                .satisfies(requests -> assertThat(requests.subList(1, 4)).allMatch(each -> each.contains("bytes=")));
    }

    @Test
    void whatAnEarlierAttemptBroughtIsKept() throws IOException {
        hub.breaks.set(1000);
        hub.ranges = false;
        assertThatThrownBy(this::pull).isInstanceOf(EngineException.class).hasMessageContaining("ask again to go on");
        assertThat(dir.resolve("chat")).doesNotExist();
        assertThat(dir.resolve("chat.partial").resolve(WEIGHTS + ".part")).exists();
        hub.breaks.set(0);
        hub.ranges = true;
        hub.requests.clear();
        pull();
        assertWhole();
        assertThat(hub.requests).anyMatch(request -> request.contains("/cdn/") && request.contains("bytes="));
    }

    @Test
    void anotherCommitBeginsAnew() throws IOException {
        hub.breaks.set(1000);
        hub.ranges = false;
        assertThatThrownBy(this::pull).isInstanceOf(EngineException.class);
        hub.breaks.set(0);
        hub.commit = "c0ffee0000000000000000000000000000000002";
        hub.requests.clear();
        pull();
        assertWhole();
        assertThat(hub.requests).noneMatch(request -> request.contains("bytes="));
    }

    @Test
    void aHubWithoutRangesIsAskedForAll() throws IOException {
        hub.breaks.set(1);
        hub.ranges = false;
        pull();
        assertWhole();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWrongChecksumIsNotKept(boolean listed) {
        hub.lists = listed;
        hub.corrupt = true;
        assertThatThrownBy(this::pull).isInstanceOf(EngineException.class)
                .hasMessageContaining("model.safetensors is not what the hub says it is, twice");
        assertThat(dir.resolve("chat")).doesNotExist();
        assertThat(dir.resolve("chat.partial").resolve(WEIGHTS + ".part")).doesNotExist();
    }

    @Test
    void aListWithoutSizesAndSumsDoes() throws IOException {
        hub.lists = false;
        hub.breaks.set(1);
        new ModelPull(hub.endpoint(""), SmallHub.MODEL, "main", WAITS).into(dir.resolve("chat"),
                (file, done, total) -> {});
        assertWhole();
    }

    @Test
    void aBusyHubIsAskedAgain() throws IOException {
        hub.busy.set(2);
        pull();
        assertWhole();
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() throws IOException {
        hub.token = "hf_secret";
        assertThatThrownBy(this::pull).isInstanceOf(EngineException.class).hasMessageContaining("set HF_TOKEN");
        assertThatThrownBy(() -> pull("hf_other")).hasMessageContaining("does not accept HF_TOKEN")
                .hasMessageNotContaining("hf_other");
        hub.requests.clear();
        pull("hf_secret");
        assertWhole();
        assertThat(hub.requests).filteredOn(request -> request.contains("/cdn/")).isNotEmpty()
                .noneMatch(request -> request.contains("authorized"));
        assertThat(hub.requests).filteredOn(request -> !request.contains("/cdn/"))
                .allMatch(request -> request.contains("authorized"));
        assertThat(hub.endpoint("hf_secret").toString()).doesNotContain("hf_secret");
    }

    @ParameterizedTest
    @CsvSource({"403,,is gated: accept its licence at", "401,GatedRepo,is gated", "401,RepoNotFound,There is no model",
            "404,,There is no model tiny/chat", "404,RevisionNotFound,no revision main", "418,,answers 418",
            "503,,could not be fetched"})
    void aRefusalIsOneSentence(int status, String code, String said) {
        hub.status = status;
        hub.errorCode = code == null ? "" : code;
        assertThatThrownBy(this::pull).isInstanceOf(EngineException.class).hasMessageContaining(said)
                .hasMessageNotContaining("\n");
        assertThat(dir.resolve("chat.partial")).doesNotExist();
    }

    @Test
    void aModelWithoutSafetensorsIsRefused() {
        hub.files.remove(WEIGHTS);
        hub.files.put("pytorch_model.bin", new byte[]{1});
        assertThatThrownBy(this::pull).hasMessageContaining("no weights as safetensors").hasMessageContaining(".bin");
        hub.files.remove("config.json");
        hub.files.put("adapter_config.json", new byte[]{1});
        assertThatThrownBy(this::pull).hasMessageContaining("but an adapter");
    }

    @Test
    void noHubAndNoNameAreSentences() throws IOException {
        hub.close();
        assertThatThrownBy(this::pull).isInstanceOf(EngineException.class).hasMessageContaining("cannot be reached");
        for (String name : new String[]{"", "a/b/c", "../x", "a b", "https://x/y"}) {
            assertThatThrownBy(() -> new ModelPull(hub.endpoint(""), name, "main")).isInstanceOf(EngineException.class)
                    .hasMessageContaining("ORG/NAME");
        }
        Files.createDirectories(dir.resolve("chat"));
        assertThatThrownBy(this::pull).hasMessageContaining("exists already");
        assertThatThrownBy(() -> HubEndpoint.of(Map.of("HF_ENDPOINT", "hub.local")))
                .hasMessageContaining("HF_ENDPOINT");
        assertThat(HubEndpoint.of(Map.of()).address()).hasToString("https://huggingface.co");
        assertThat(HubEndpoint.of(Map.of("HF_ENDPOINT", "http://hub:8080/")).file("a/b", "r/1", "x y.json"))
                .hasToString("http://hub:8080/a/b/resolve/r%2F1/x%20y.json");
    }

    @Test
    void progressCountsAllFiles() {
        var seen = new ArrayList<Long>();
        long[] all = new long[1];
        new ModelPull(hub.endpoint(""), SmallHub.MODEL, "main", WAITS).into(dir.resolve("chat"),
                (file, done, total) -> {
                    seen.add(done);
                    all[0] = total;
                });
        assertThat(seen).isSorted();
        assertThat(seen.getLast()).isEqualTo(all[0]);
    }
}
