package dev.attune.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.completions.CompletionCreateParams;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CompletionsTest {
    private static final String PATH = "/v1/completions";

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

    private static JsonNode ask(String more) throws Exception {
        var response = rig.post(PATH, "{\"model\":\"tiny-chat\",\"seed\":5," + more + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.tree(response.body());
    }

    @Test
    void aTextGoesOn_asTheSdkReadsIt() {
        var said = rig.client().completions().create(CompletionCreateParams.builder().model("tiny-chat").prompt("one")
                .maxTokens(4).seed(1).build());

        assertThat(said.choices()).hasSize(1);
        assertThat(said.usage().orElseThrow().completionTokens()).isBetween(1L, 4L);
    }

    @Test
    void everyPromptHasItsChoices_inOrder_andTokensAreATextToo() throws Exception {
        var several = ask("\"prompt\":[\"one\",\"two\"],\"n\":2,\"max_tokens\":3");
        Schemas.check("CreateCompletionResponse", several);
        assertThat(several.path("choices").values().stream().map(choice -> choice.path("index").asInt()))
                .containsExactly(0, 1, 2, 3);
        assertThat(ask("\"prompt\":\"two\",\"max_tokens\":3").path("choices").path(0).path("text"))
                .isEqualTo(several.path("choices").path(2).path("text"));
        assertThat(ask("\"prompt\":[40,41,42],\"max_tokens\":3").path("usage").path("prompt_tokens").asInt())
                .isEqualTo(3);
        assertThat(ask("\"prompt\":[[40,41],[42]],\"max_tokens\":1").path("choices").size()).isEqualTo(2);
    }

    @Test
    void anEchoTellsHowLikelyThePromptIs() throws Exception {
        var scored = ask("\"prompt\":\"hello there\",\"echo\":true,\"logprobs\":2,\"max_tokens\":0").path("choices")
                .path(0);

        assertThat(scored.path("text").asString()).isEqualTo("hello there");
        JsonNode table = scored.path("logprobs");
        int count = table.path("tokens").size();
        assertThat(table.path("token_logprobs").size()).isEqualTo(count);
        assertThat(table.path("text_offset").size()).isEqualTo(count);
        assertThat(table.path("token_logprobs").path(0).isNull()).isTrue();
        assertThat(table.path("token_logprobs").path(1).asDouble()).isNegative();
        assertThat(table.path("top_logprobs").path(1).size()).isBetween(2, 3);
        var text = new StringBuilder();
        table.path("tokens").forEach(token -> text.append(token.asString()));
        assertThat(text.toString()).isEqualTo("hello there");
    }

    @Test
    void theBestIsTheLikeliestForItsLength() throws Exception {
        var all = ask("\"prompt\":\"x\",\"n\":5,\"best_of\":5,\"logprobs\":0,\"max_tokens\":5").path("choices");
        var best = ask("\"prompt\":\"x\",\"n\":1,\"best_of\":5,\"logprobs\":0,\"max_tokens\":5").path("choices")
                .path(0);
        String likeliest = "";
        double highest = Double.NEGATIVE_INFINITY;
        for (JsonNode choice : all) {
            double mean = choice.path("logprobs").path("token_logprobs").values().stream()
                    .mapToDouble(JsonNode::asDouble).average().orElse(0);
            if (mean > highest) {
                highest = mean;
                likeliest = choice.path("text").asString();
            }
        }
        assertThat(best.path("text").asString()).isEqualTo(likeliest);
    }

    @Test
    void aStreamIsTheSameText() throws Exception {
        String whole = ask("\"prompt\":\"one\",\"echo\":true,\"max_tokens\":6").path("choices").path(0).path("text")
                .asString();
        var frames = rig
                .post(PATH, "{\"model\":\"tiny-chat\",\"seed\":5,\"prompt\":\"one\",\"echo\":true,\"stream\":true,"
                        + "\"max_tokens\":6,\"stream_options\":{\"include_usage\":true}}")
                .body().lines()
                .filter(line -> !line.isEmpty()).map(line -> line.substring(6)).toList();
        var text = new StringBuilder();
        List<JsonNode> chunks = new ArrayList<>();
        frames.subList(0, frames.size() - 1).forEach(frame -> chunks.add(Json.tree(frame)));
        chunks.forEach(chunk -> text.append(chunk.path("choices").path(0).path("text").asString("")));

        assertThat(frames.getLast()).isEqualTo("[DONE]");
        assertThat(text.toString()).isEqualTo(whole);
        assertThat(chunks.getLast().path("usage").path("total_tokens").asInt()).isPositive();
        // The published schema describes whole answers only: until the last chunk a choice has no finish_reason yet.
        chunks.stream().filter(chunk -> chunk.path("choices").path(0).path("finish_reason").isString())
                .forEach(chunk -> Schemas.check("CreateCompletionResponse", chunk));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model":"tiny-chat","prompt":"x","suffix":"y"}             | suffix
            {"model":"tiny-chat","prompt":[]}                           | prompt
            {"model":"tiny-chat","prompt":[1.5]}                        | prompt
            {"model":"tiny-chat","prompt":[99999]}                      | prompt
            {"model":"tiny-chat","prompt":[1e400]}                      | prompt
            {"model":"tiny-chat","prompt":"x","n":3,"best_of":2}        | best_of
            {"model":"tiny-chat","prompt":"x","best_of":2,"stream":true} | best_of
            {"model":"tiny-chat","prompt":"x","logprobs":6}             | logprobs
            {"model":"tiny-chat","prompt":"x","max_tokens":99999999999999999999} | max_tokens
            {"model":"tiny-chat","prompt":"x","ecko":true}              | ecko
            """)
    void whatCannotBeDoneIsRefused(String body, String param) throws Exception {
        var refused = rig.post(PATH, body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(Json.tree(refused.body()).path("error").path("param").asString()).isEqualTo(param);
    }
}
