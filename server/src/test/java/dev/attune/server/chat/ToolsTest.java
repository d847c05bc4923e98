package dev.attune.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.operating.ServerSettings;
import dev.attune.server.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools with the tiny model and the chat template of attune-nano. */
class ToolsTest {
    private static final String MODEL = "tiny-tools";
    private static final String TOOLS = """
            "tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object"}}},
             {"type":"function","function":{"name":"add"}}]""";

    @TempDir
    private static Path folder;
    private static Rig rig;

    @BeforeAll
    static void start() throws IOException {
        Path model = Files.createDirectories(folder.resolve("models").resolve(MODEL));
        try (var files = Files.list(Rig.FIXTURES.resolve(Rig.BASE))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.copy(Path.of("..", "models", "attune-nano", "chat_template.jinja"), model.resolve("chat_template.jinja"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        rig = Rig.start(new ServerSettings(folder.resolve("home"), "127.0.0.1", 0, List.of(folder.resolve("models")),
                "", "acme", Map.of(), Optional.empty(), false));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static ChatCompletionCreateParams.Builder ask() {
        return ChatCompletionCreateParams.builder().model(MODEL).addUserMessage("weather?").seed(3)
                .maxCompletionTokens(150)
                .addFunctionTool(FunctionDefinition.builder().name("get_weather")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object")).build())
                        .build())
                .addFunctionTool(FunctionDefinition.builder().name("add").build());
    }

    @Test
    void aRequiredCallIsMade_andStreamsAsItIsWhole() {
        var params = ask().toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED).build();
        ChatCompletion whole = rig.client().chat().completions().create(params);
        var calls = whole.choices().getFirst().message().toolCalls().orElseThrow();

        assertThat(calls.getFirst().asFunction().function().name()).isIn("get_weather", "add");
        assertThat(calls.getFirst().asFunction().id()).startsWith("call_");
        assertThat(whole.choices().getFirst().message().content()).isEmpty();

        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = rig.client().chat().completions().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        var streamed = accumulator.chatCompletion().choices().getFirst().message().toolCalls().orElseThrow();
        assertThat(streamed.getFirst().asFunction().function())
                .isEqualTo(calls.getFirst().asFunction().function());
    }

    @Test
    void aNamedToolIsTheOneThatIsCalled() throws Exception {
        for (int seed = 0; seed < 3; seed++) {
            var said = rig.client().chat().completions().create(ask().seed(seed)
                    .toolChoice(ChatCompletionNamedToolChoice.builder()
                            .function(ChatCompletionNamedToolChoice.Function.builder().name("add").build()).build())
                    .build());
            assertThat(said.choices().getFirst().message().toolCalls().orElseThrow().getFirst().asFunction()
                    .function().name()).isEqualTo("add");
        }
        var json = rig.post("/v1/chat/completions", body(",\"tool_choice\":{\"type\":\"function\",\"function\":"
                + "{\"name\":\"add\"}},\"stream\":true,\"logprobs\":true"));
        assertThat(json.body()).contains("\"tool_calls\":[{\"index\":0,\"id\":\"call_",
                "\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"\"}}]");
        for (String frame : json.body().lines().filter(line -> line.startsWith("data: {")).toList()) {
            Schemas.check("CreateChatCompletionStreamResponse", Json.tree(frame.substring(6)));
        }
    }

    @Test
    void withoutParallelCallsThereIsOne_andNoneWhereNoneMayBeMade() throws Exception {
        var one = Json.tree(rig.post("/v1/chat/completions",
                body(",\"tool_choice\":\"required\",\"parallel_tool_calls\":false")).body());
        assertThat(one.path("choices").path(0).path("message").path("tool_calls").size()).isEqualTo(1);
        Schemas.check("CreateChatCompletionResponse", one);

        var none = Json.tree(rig.post("/v1/chat/completions", body(",\"tool_choice\":\"none\"")).body());
        assertThat(none.path("choices").path(0).path("message").has("tool_calls")).isFalse();
        assertThat(none.path("choices").path(0).path("message").path("content").isString()).isTrue();
    }

    @Test
    void allowedToolsAreTheOnlyOnesCalled() throws Exception {
        var said = Json.tree(rig.post("/v1/chat/completions", body(",\"tool_choice\":{\"type\":\"allowed_tools\","
                + "\"allowed_tools\":{\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":"
                + "{\"name\":\"get_weather\"}}]}}")).body());

        assertThat(said.path("choices").path(0).path("message").path("tool_calls").path(0).path("function").path("name")
                .asString()).isEqualTo("get_weather");
    }

    @Test
    void aToolThatIsNotThereCannotBeChosen() throws Exception {
        var refused = rig.post("/v1/chat/completions",
                body(",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"sub\"}}"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("'sub' is not the name of one of the 'tools'");
    }

    private static String body(String more) {
        return "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}],"
                + "\"seed\":1,\"max_tokens\":150," + TOOLS + more + "}";
    }
}
