package dev.attune.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
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
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"top_logprobs":2}                | top_logprobs
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"logprobs":true,"top_logprobs":21} | top_logprobs
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema"}} | response_format.type
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"response_format":{}}            | response_format.type
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"presence_penalty":2.1}          | presence_penalty
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"logit_bias":{"9999":1}}         | logit_bias
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"logit_bias":{"a":1}}            | logit_bias
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"logit_bias":{"1":101}}          | logit_bias.1
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"tool_choice":"auto"}            | tool_choice
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}]} | tools
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a b"}}]} | tools[0].function.name
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"tools":[{"type":"custom"}]}     | tools[0].type
            {"model":"tiny-chat","messages":[{"role":"user","content":"x","contnt":"y"}]}                    | messages[0].contnt
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"stream_options":{"usage":true}} | stream_options.usage
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"functions":[{"name":"f"}]}      | functions
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"temprature":1}                  | temprature
            {"model":"tiny-chat","messages":[{"role":"tool","tool_call_id":"a","content":"x"}]}              | messages[0].role
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"tools":[]}                      | tools
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"reasoning_effort":"much"}       | reasoning_effort
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"verbosity":5}                   | verbosity
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"service_tier":"best"}           | service_tier
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"user":5}                        | user
            {"model":"tiny-chat","messages":[{"role":"user","content":"x"}],"prediction":"y"}                | prediction
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
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length
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

    @Test
    void logprobsAreToldOfEveryToken_alsoInAStream() throws Exception {
        String body = """
                {"model":"tiny-chat","messages":[{"role":"user","content":"hi"}],"max_tokens":6,"seed":4,"logprobs":true,
                 "top_logprobs":2%s}""";
        var whole = Json.tree(rig.post(CHAT, body.formatted("")).body());
        Schemas.check("CreateChatCompletionResponse", whole);
        var tokens = whole.path("choices").path(0).path("logprobs").path("content");
        assertThat(tokens.size()).isPositive();
        for (var token : tokens) {
            assertThat(token.path("logprob").asDouble()).isLessThanOrEqualTo(0);
            assertThat(token.path("top_logprobs").size()).isEqualTo(2);
            assertThat(token.path("top_logprobs").path(0).path("logprob").asDouble())
                    .isGreaterThanOrEqualTo(token.path("top_logprobs").path(1).path("logprob").asDouble());
        }
        var streamed = new ArrayList<String>();
        for (String frame : rig.post(CHAT, body.formatted(",\"stream\":true")).body().lines()
                .filter(line -> line.startsWith("data: {")).toList()) {
            var chunk = Json.tree(frame.substring(6));
            Schemas.check("CreateChatCompletionStreamResponse", chunk);
            chunk.path("choices").path(0).path("logprobs").path("content")
                    .forEach(token -> streamed.add(token.toString()));
        }
        assertThat(streamed).containsExactlyElementsOf(tokens.values().stream().map(Object::toString).toList());
    }

    @Test
    void aBiasedTokenIsSaid_andAPenaltyChangesWhatIsSaid() throws Exception {
        String body = "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                + "\"max_tokens\":4,\"temperature\":0,\"logprobs\":true";
        var biased = Json.tree(rig.post(CHAT, body + ",\"logit_bias\":{\"40\":100}}").body());
        var tokens = biased.path("choices").path(0).path("logprobs").path("content");
        assertThat(tokens.values().stream().map(token -> token.path("token").asString()).distinct()).hasSize(1);
        assertThat(tokens.size()).isEqualTo(4);

        var free = Json.tree(rig.post(CHAT, body + ",\"logit_bias\":{\"40\":100,\"41\":99},"
                + "\"frequency_penalty\":2}").body()).path("choices").path(0).path("logprobs").path("content");
        assertThat(free.values().stream().map(token -> token.path("token").asString()).distinct()).hasSize(2);
    }

    @Test
    void aJsonObjectIsOne_whereItCameToItsEnd() throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            var said = Json.tree(rig.post(CHAT,
                    """
                            {"model":"tiny-chat","messages":[{"role":"user","content":"JSON please"}],"max_tokens":300,"seed":%d,
                             "response_format":{"type":"json_object"}}"""
                            .formatted(seed))
                    .body()).path("choices").path(0);
            String content = said.path("message").path("content").asString();
            if (said.path("finish_reason").asString().equals("stop")) {
                assertThat(Json.tree(content).isObject()).as(content).isTrue();
            }
            assertThat(content.strip()).startsWith("{");
        }
    }

    @Test
    void usageHasItsDetails_andTheFingerprintStays() throws Exception {
        String body = "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":2}";
        var one = Json.tree(rig.post(CHAT, body).body());
        var two = Json.tree(rig.post(CHAT, body).body());

        assertThat(one.path("usage").path("prompt_tokens_details").path("cached_tokens").asInt(-1)).isZero();
        assertThat(one.path("usage").path("completion_tokens_details").path("reasoning_tokens").asInt(-1)).isZero();
        assertThat(one.path("system_fingerprint").asString()).matches("fp_[0-9a-f]{10}")
                .isEqualTo(two.path("system_fingerprint").asString());
    }

    @Test
    void aClientThatHangsUpEndsItsAnswer_alsoWhereItWaitsForTheWhole() throws Exception {
        String request = "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"go on\"}],"
                + "\"logit_bias\":{\"2\":-100,\"0\":-100},\"n\":100}";
        long all = Json.tree(rig.post(CHAT, request).body()).path("usage").path("completion_tokens").asLong();
        long before = tokensSaid();
        byte[] body = request.getBytes(StandardCharsets.UTF_8);
        try (var socket = new Socket("127.0.0.1", rig.server().port())) {
            socket.getOutputStream().write(("POST " + CHAT
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            await(() -> rig.waiting() > 50);
        }
        await(() -> rig.waiting() == 0);
        assertThat(tokensSaid() - before).as("of " + all + ", had the client stayed").isLessThan(all / 2);
    }

    private static long tokensSaid() throws Exception {
        String metrics = rig.send("GET", "/metrics", "", new byte[0]).body();
        return Long.parseLong(metrics.replaceAll("(?s).*attune_tokens_total\\{kind=\"completion\"} (\\d+).*", "$1"));
    }

    @Test
    void aRequestSentEarlyOnTheSameConnectionIsAnsweredToo() throws Exception {
        byte[] body = ("{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                + "\"max_tokens\":200}").getBytes(StandardCharsets.UTF_8);
        String request = "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        try (var socket = new Socket("127.0.0.1", rig.server().port())) {
            socket.setSoTimeout(20_000);
            var out = socket.getOutputStream();
            out.write((request + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            Thread.sleep(20);
            out.write((request + "Connection: close\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            String both = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(both.split("HTTP/1.1 200", -1)).hasSize(3);
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
            Thread.sleep(25);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static String text(ChatCompletionCreateParams params) {
        return rig.client().chat().completions().create(params).choices().getFirst().message().content().orElseThrow();
    }
}
