package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.sun.net.httpserver.HttpServer;
import dev.attune.evals.convert.Imported;
import dev.attune.evals.decide.Decision;
import dev.attune.evals.decide.Decision.Verdict;
import dev.attune.evals.decide.EvalReport;
import dev.attune.evals.decide.Evaluator;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.ChatModel;
import dev.attune.evals.run.ModelException;
import dev.attune.evals.run.QuestionFile;
import dev.attune.evals.score.Answer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalFileTest {
    @TempDir
    Path folder;

    private Path yaml(String text) throws Exception {
        Path file = folder.resolve("eval.yaml");
        Files.writeString(file, text);
        return file;
    }

    private void questions(int n) throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i < n; i++) {
            lines.append("{\"messages\":[{\"role\":\"user\",\"content\":\"say ").append(i)
                    .append("\"},{\"role\":\"assistant\",\"content\":\"").append(i).append("\"}]}\n");
        }
        Files.writeString(folder.resolve("test.jsonl"), lines);
    }

    private static ChatCall call(Duration timeout) {
        var question = QuestionFile.prompt("say 7");
        return new ChatCall(question.messages(), question.tools(), 0, 32, 0, timeout);
    }

    @Test
    void aFileIsReadAskedComparedAndDecided() throws Exception {
        questions(60);
        try (var server = new FakeOpenAi()) {
            server.answers = (model, body) -> {
                String number = body.at("/messages/0/content").asString().replaceAll("\\D", "");
                return model.equals("tuned") || Integer.parseInt(number) % 3 == 0 ? number : "what?";
            };
            Function<String, ChatModel> models = name -> new OpenAiChatModel(server.client(), name, server.baseUrl());
            EvalFile file = EvalFile.read(yaml("""
                    evaluate:
                      model: tuned
                      against: base
                      data: test.jsonl
                      scorers:
                        - exact
                        - judge: { model: gpt-4o, question: Is it a number? }
                    gate:
                      target: { scorer: exact, superior_by: 0.1, confidence: 0.95 }
                    """), models);
            try (CallJournal journal = CallJournal.open(folder.resolve("answers.jsonl"));
                    Asker asker = new Asker(journal, file.plan().limits())) {
                file.judges().askThrough(asker);
                EvalReport report = new Evaluator(file.plan(), asker, (what, done, all) -> {})
                        .run(file.questions(), models.apply("tuned"), Optional.of(models.apply("base")));
                assertThat(report.headline().score().estimate()).isEqualTo(1);
                assertThat(report.headline().comparison().orElseThrow().wins()).isEqualTo(40);
                assertThat(report.scorers().get(1).counts().unscored()).as("this judge gives no grades").isEqualTo(60);
                assertThat(report.decision().checks()).extracting(Decision.Check::rule).containsExactly("target",
                        "judge", "errors");
                assertThat(report.decision().verdict()).as("the judge was not held against people")
                        .isEqualTo(Decision.Verdict.UNDECIDED);
            }
            assertThat(server.chats.getFirst().path("max_completion_tokens").asInt()).isEqualTo(64);
        }
    }

    /** The three lines of the guide, with another endpoint. */
    @Test
    void aTestIsThreeLines() throws Exception {
        questions(60);
        Path yaml = yaml("evaluate: { model: tuned, against: base, data: test.jsonl }\ngate: { target: {} }\n");
        try (var server = new FakeOpenAi()) {
            server.answers = (model, body) -> model.startsWith("good")
                    ? body.at("/messages/0/content").asString().replaceAll("\\D", "")
                    : "what?";
            Function<String, ChatModel> models = OpenAiChatModel
                    .at(new Endpoint(Provider.ATTUNE, server.baseUrl(), "any"));

            EvalReport report = EvalFile.read(yaml, Map.of("model", "good"), models).evaluate();
            assertEquals(Verdict.PASSED, report.decision().verdict(), report.decision().toString());

            assertThat(report.tuned().model()).isEqualTo("good");
            int asked = server.chats.size();
            assertThat(EvalFile.read(yaml, Map.of("model", "good"), models).evaluate().headline())
                    .isEqualTo(report.headline());
            assertThat(server.chats).as("the answers were kept").hasSize(asked);
            assertThat(EvalFile.read(yaml, models).evaluate().decision().verdict()).isEqualTo(Verdict.REFUSED);
        }
    }

    @Test
    void everyEvaluationThatShipsCanBeRead() throws Exception {
        Path examples = Path.of("..", "examples");
        try (var found = Files.walk(examples, 2)) {
            var files = found.filter(f -> f.getParent().getFileName().toString().equals("evaluation"))
                    .filter(f -> f.toString().endsWith(".yaml")).toList();
            assertThat(files).hasSize(2);
            for (Path file : files) {
                EvalFile read = EvalFile.read(file, name -> new OpenAiChatModel(
                        OpenAIOkHttpClient.builder().baseUrl("http://127.0.0.1:9").apiKey("k").build(), name, "here"));
                assertThat(read.questions().questions()).hasSize(120);
                assertThat(read.questions().problems()).isEmpty();
                assertThat(read.plan().gate()).isNotEmpty();
                var first = read.questions().questions().getFirst();
                assertThat(read.plan().scorers().getFirst().score(first.answered(Answer.of(first.expected()))).value())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void probabilitiesOfTheLastTokensAreRead() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        var asked = new ArrayList<String>();
        http.createContext("/", exchange -> {
            try (exchange) {
                asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                byte[] body = """
                        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                        "message":{"role":"assistant","content":"GRADE: 4"},"finish_reason":"stop","logprobs":{"content":[
                        {"token":"GRADE:","logprob":0,"bytes":null,"top_logprobs":[]},
                        {"token":" 4","logprob":-0.5,"bytes":null,"top_logprobs":[{"token":" 4","logprob":-0.5,"bytes":null},
                        {"token":" 5","logprob":-1,"bytes":null},{"token":" x","logprob":-20,"bytes":null}]}]}}]}"""
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        http.start();
        try {
            var question = QuestionFile.prompt("?");
            Answer answer = OpenAiChatModel.at(new Endpoint(Provider.ATTUNE,
                    "http://127.0.0.1:" + http.getAddress().getPort() + "/v1", "any")).apply("m")
                    .ask(new ChatCall(question.messages(), question.tools(), 0, 32, 0, Duration.ofSeconds(20), 20));
            assertThat(asked.getFirst()).contains("\"logprobs\":true", "\"top_logprobs\":20");
            assertThat(answer.ending()).extracting(Answer.Token::text).containsExactly("GRADE:", " 4");
            assertThat(answer.ending().getLast().choices()).containsOnlyKeys(" 4", " 5").containsEntry(" 5",
                    Math.exp(-1));
        } finally {
            http.stop(0);
        }
    }

    @Test
    void mistakesAreToldWithTheirLines() throws Exception {
        Path file = yaml(
                "evaluate:\n  model: a\n  scorer: [exact]\n  data: nowhere.jsonl\ngate:\n  target: { superior_by: 3 }\n");
        assertThatThrownBy(() -> EvalFile.read(file, name -> {
            throw new IllegalStateException();
        })).isInstanceOfSatisfying(WorkflowException.class, e -> assertThat(e.problems()).hasSize(3)
                .anyMatch(p -> p
                        .startsWith("line 3, /evaluate/scorer: unknown key \"scorer\"; did you mean \"scorers\"?"))
                .anyMatch(p -> p.startsWith("line 4, /evaluate/data: names "))
                .anyMatch(p -> p.startsWith("line 6, /gate/target/superior_by:")));
    }

    @Test
    void failuresOfTheWireAreToldApart() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        var status = new int[]{429};
        http.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                if (status[0] == 0) {
                    return;
                }
                exchange.getResponseHeaders().set("Retry-After", "3");
                byte[] body = "{\"error\":{\"message\":\"no\"}}".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status[0], body.length);
                exchange.getResponseBody().write(body);
            }
        });
        http.start();
        try (var client = new ClosingClient(OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + http.getAddress().getPort() + "/v1").apiKey("k").build())) {
            var model = new OpenAiChatModel(client.open(), "m", "here");
            assertThatThrownBy(() -> model.ask(call(Duration.ofSeconds(20))))
                    .isInstanceOfSatisfying(ModelException.class, e -> {
                        assertThat(e.kind()).isEqualTo(ModelException.Kind.LIMITED);
                        assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(3));
                    });
            for (int refused : new int[]{400, 401, 404}) {
                status[0] = refused;
                assertThatThrownBy(() -> model.ask(call(Duration.ofSeconds(20))))
                        .isInstanceOfSatisfying(ModelException.class,
                                e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.REFUSED));
            }
            for (int unwell : new int[]{500, 503, 0}) {
                status[0] = unwell;
                assertThatThrownBy(() -> model.ask(call(Duration.ofSeconds(20))))
                        .isInstanceOfSatisfying(ModelException.class,
                                e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.UNWELL));
            }
        } finally {
            http.stop(0);
        }
    }

    private record ClosingClient(com.openai.client.OpenAIClient open) implements AutoCloseable {
        @Override
        public void close() {
            open.close();
        }
    }

    @Test
    void answersComeWithAllThatIsKnown() throws Exception {
        try (var server = new FakeOpenAi()) {
            server.answers = (model, body) -> "seven";
            Answer answer = new OpenAiChatModel(server.client(), "m", "here").ask(call(Duration.ofSeconds(20)));
            assertThat(answer.text()).isEqualTo("seven");
            assertThat(answer.finish()).isEqualTo("stop");
            assertThat(answer.seconds()).isPositive();
            assertThat(answer.outputTokens()).as("the server does not say").isEqualTo(-1);
        }
    }

    @Test
    void evaluationsOfOthersAreCarriedOverAndCanBeRead() throws Exception {
        Path config = folder.resolve("promptfooconfig.yaml");
        Files.writeString(config, """
                prompts:
                  - 'Say {{word}}'
                tests:
                  - vars: { word: yes please }
                    assert:
                      - type: icontains
                        value: YES
                      - type: python
                        value: "True"
                """);
        Imported imported = EvalImport.read(config, "", "");
        assertThat(imported.leftOut()).singleElement().asString().contains("process:");
        Path out = folder.resolve("out");
        EvalImport.write(imported, out);
        EvalFile file = EvalFile.read(out.resolve("eval.yaml"), name -> {
            throw new IllegalStateException();
        });
        var question = file.questions().questions().getFirst();
        assertThat(question.text()).isEqualTo("Say yes please");
        assertThat(file.plan().scorers().getFirst().score(question.answered(Answer.of("Yes!"))).value()).isEqualTo(1);
        assertThatThrownBy(() -> EvalImport.write(imported, out)).hasMessageContaining("is there already");
        Path csv = folder.resolve("tests.csv");
        Files.writeString(csv, "\uFEFFtext,__expected\n\"a, b\",\"contains: a\"\n");
        assertThat(EvalImport.read(csv, "", "").rows().getFirst().path("input").asString()).isEqualTo("a, b");
        Path other = folder.resolve("other.json");
        Files.writeString(other, "{\"a\": 1}");
        assertThatThrownBy(() -> EvalImport.read(other, "", "")).hasMessageContaining("neither one of OpenAI's");
        Files.writeString(other, "{");
        assertThatThrownBy(() -> EvalImport.read(other, "", "")).hasMessageContaining("is not JSON");
    }
}
