package dev.attune.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private static Path home;
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.start(home);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder().model(Rig.BASE).addUserMessage(text).maxCompletionTokens(12)
                .seed(7);
    }

    @Test
    void answersWithUsageThatAddsUp() {
        ChatCompletion said = rig.client().chat().completions().create(ask("hello").build());

        assertThat(said.choices()).hasSize(1);
        assertThat(said.choices().getFirst().message().content()).isPresent();
        assertThat(said.model()).isEqualTo(Rig.BASE);
        var usage = said.usage().orElseThrow();
        assertThat(usage.promptTokens()).isPositive();
        assertThat(usage.completionTokens()).isBetween(1L, 12L);
        assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
    }

    @Test
    void sameSeedSaysTheSame_otherSeedsDiffer() {
        String once = text(ask("hello").seed(3).build());

        assertThat(text(ask("hello").seed(3).build())).isEqualTo(once);
        assertThat(List.of(text(ask("hello").seed(4).build()), text(ask("hello").seed(5).build())))
                .anyMatch(other -> !other.equals(once));
    }

    @Test
    void streamedPiecesTogetherAreTheWholeAnswer() {
        var params = ask("tell me").build();
        var accumulator = ChatCompletionAccumulator.create();
        var chunks = new ArrayList<ChatCompletionChunk>();
        try (var stream = rig.client().chat().completions().createStreaming(params)) {
            stream.stream().map(accumulator::accumulate).forEach(chunks::add);
        }

        assertThat(chunks.getFirst().choices().getFirst().delta().role()).isPresent();
        assertThat(chunks.getFirst().choices().getFirst().delta().content()).contains("");
        assertThat(chunks.getLast().choices().getFirst().finishReason()).isPresent();
        assertThat(accumulator.chatCompletion().choices().getFirst().message().content().orElseThrow())
                .isEqualTo(text(params));
    }

    @Test
    void streamEndsWithUsageAndDone_whenAsked() throws Exception {
        HttpResponse<String> response = rig.post(CHAT, """
                {"model":"tiny-chat","messages":[{"role":"user","content":"hi"}],"max_tokens":3,"seed":1,"stream":true,
                 "stream_options":{"include_usage":true}}""");

        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        List<String> frames = response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(frames).allMatch(frame -> frame.startsWith("data: "));
        assertThat(frames.getLast()).isEqualTo("data: [DONE]");
        assertThat(frames.get(0)).contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}", "\"usage\":null");
        assertThat(frames.get(frames.size() - 3)).contains("\"delta\":{}", "\"finish_reason\":");
        assertThat(frames.get(frames.size() - 2)).contains("\"choices\":[]", "\"usage\":{\"prompt_tokens\":");
        for (String frame : frames.subList(0, frames.size() - 1)) {
            Schemas.check("CreateChatCompletionStreamResponse", Json.tree(frame.substring("data: ".length())));
        }
    }

    @Test
    void usageIsAbsentFromAStream_whenNotAsked() throws Exception {
        HttpResponse<String> response = rig.post(CHAT, """
                {"model":"tiny-chat","messages":[{"role":"user","content":"hi"}],"max_tokens":2,"stream":true}""");

        assertThat(response.body()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void severalChoicesAreNumberedAndDiffer() {
        var said = rig.client().chat().completions().create(ask("pick").n(3).build());

        assertThat(said.choices()).extracting(ChatCompletion.Choice::index).containsExactly(0L, 1L, 2L);
        assertThat(said.choices().stream().map(choice -> choice.message().content()).distinct().count())
                .isGreaterThan(1);
    }

    @Test
    void wholeAnswerFitsTheSchema() throws Exception {
        HttpResponse<String> response = rig.post(CHAT, """
                {"model":"tiny-chat","messages":[{"role":"system","content":"be brief"},
                 {"role":"user","content":[{"type":"text","text":"one "},{"type":"text","text":"two"}]}],
                 "max_tokens":2,"temperature":0,"user":"u-1","store":false,"metadata":{"a":"b"},"logprobs":false,
                 "presence_penalty":0,"response_format":{"type":"text"},"tools":null}""");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        Schemas.check("CreateChatCompletionResponse", Json.tree(response.body()));
        assertThat(response.body()).contains("\"logprobs\":null", "\"refusal\":null", "\"finish_reason\":\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"messages":[{"role":"user","content":"x"}]}                                                     | model
            {"model":"tiny-chat"}                                                                            | messages
            {"model":"tiny-chat","messages":[]}                                                              | messages
            {"model":"tiny-chat","messages":[{"role":"king","content":"x"}]}                                 | messages[0].role
            {"model":"tiny-chat","messages":[{"role":"user"}]}                                               | messages[0].content
            {"model":"tiny-chat","messages":[{"role":"user","content":5}]}                                   | messages[0].content
            {"model":"tiny-chat","messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]} | messages[0].content[0]
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"temperature":3}                 | temperature
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"top_p":-0.1}                    | top_p
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"n":0}                           | n
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"max_tokens":"9"}                | max_tokens
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"stop":["a","b","c","d","e"]}    | stop
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"logprobs":true}                 | logprobs
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"}} | response_format
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"temprature":1}                  | temprature
            """)
    void refusesWhatItCannotHonour_namingTheKey(String body, String param) throws Exception {
        HttpResponse<String> response = rig.post(CHAT, body);

        assertThat(response.statusCode()).isEqualTo(400);
        var error = Json.tree(response.body()).path("error");
        Schemas.check("ErrorResponse", Json.tree(response.body()));
        assertThat(error.path("param").asString()).isEqualTo(param);
        assertThat(error.path("message").asString()).endsWith(".");
    }

    @Test
    void unknownModelIsNotFound() {
        assertThatThrownBy(() -> rig.client().chat().completions().create(ask("x").model("nobody").build()))
                .isInstanceOf(NotFoundException.class).hasMessageContaining("The model `nobody` does not exist");
    }

    @Test
    void promptLongerThanTheContextIsRefusedBeforeAnythingIsStreamed() {
        var params = ask("word ".repeat(20_000)).build();

        assertThatThrownBy(() -> {
            try (var stream = rig.client().chat().completions().createStreaming(params)) {
                stream.stream().forEach(chunk -> {});
            }
        }).isInstanceOf(BadRequestException.class).hasMessageContaining("maximum context length");
    }

    @Test
    void clientsThatLeaveLetTheNextOneSpeak() throws Exception {
        byte[] body = "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"go on\"}],\"stream\":true}"
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 6; i++) {
            try (var socket = new Socket("127.0.0.1", rig.server().port())) {
                socket.getOutputStream().write(("POST " + CHAT
                        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                        + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                socket.setSoLinger(true, 0);
            }
        }

        assertThat(text(ask("still there?").build())).isNotNull();
    }

    @Test
    void streamOptionsMayStandWithoutStream() {
        assertThat(text(ask("x").streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build())).isNotNull();
    }

    private static String text(ChatCompletionCreateParams params) {
        return rig.client().chat().completions().create(params).choices().getFirst().message().content().orElseThrow();
    }
}
