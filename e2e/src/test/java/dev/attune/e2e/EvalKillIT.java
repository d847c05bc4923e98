package dev.attune.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation that is killed again and again ends with the very report of one that was left alone. */
class EvalKillIT {
    private static final Pattern ASKED = Pattern.compile("say (\\d+)");
    private static final int ROWS = 60;

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void killedEvaluationsEndWithTheSameBytes(@TempDir Path folder) throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            lines.append("{\"input\":\"say ").append(i).append("\",\"ideal\":\"").append(i).append("\",\"half\":\"")
                    .append(i % 2).append("\"}\n");
        }
        Files.writeString(folder.resolve("test.jsonl"), lines);
        Path yaml = Files.writeString(folder.resolve("eval.yaml"), """
                evaluate:
                  model: tuned
                  against: base
                  data: test.jsonl
                  scorers: [exact, { judge: { model: judge-1, question: Is it a number? } }]
                  slices: [half]
                  concurrency: 4
                gate:
                  target: { scorer: exact, superior_by: 0 }
                """);
        HttpServer server = server();
        try {
            Map<String, String> environment = Map.of("OPENAI_BASE_URL",
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/v1", "OPENAI_API_KEY", "any");
            Path whole = folder.resolve("whole");
            Attune.Outcome alone = evaluate(environment, yaml, whole);
            assertThat(alone.code()).as(alone.toString()).isEqualTo(2);
            int needed = asked.getAndSet(0);
            Path parts = folder.resolve("parts");
            for (int kill = 1; kill <= 3; kill++) {
                Process process = Attune.builder(line(yaml, parts), environment, Attune.ROOT)
                        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
                int until = kill * needed / 4;
                long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                while (asked.get() < until && process.isAlive() && System.nanoTime() < deadline) {
                    Thread.sleep(5);
                }
                process.destroyForcibly().waitFor();
            }
            Attune.Outcome last = evaluate(environment, yaml, parts);
            assertThat(last.code()).isEqualTo(alone.code());
            assertThat(asked.get()).as("no answer that was kept is asked for again: at most those under way are")
                    .isBetween(needed, needed + 3 * 4 * 2);
            for (String file : List.of("report.json", "report.html", "report.csv", "report.xml")) {
                assertThat(withoutTimes(parts.resolve(file))).as(file).isEqualTo(withoutTimes(whole.resolve(file)));
            }
        } finally {
            server.stop(0);
        }
    }

    /** All but the seconds that each answer took, which are the server's. */
    private static String withoutTimes(Path file) throws IOException {
        return Files.readString(file).replaceAll("\"seconds\" : [\\d.E-]+", "");
    }

    private static List<String> line(Path yaml, Path out) {
        return List.of(Attune.LAUNCHER.toString(), "eval", yaml.toString(), "--report", out.toString(), "--state",
                out.resolveSibling(out.getFileName() + "-state").toString());
    }

    private static Attune.Outcome evaluate(Map<String, String> environment, Path yaml, Path out) {
        List<String> line = line(yaml, out);
        return Attune.run(environment, Attune.ROOT, Duration.ofMinutes(2),
                line.subList(1, line.size()).toArray(String[]::new));
    }

    /** Answers after a moment: the tuned model always right, the base on every third, the judge yes. */
    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.incrementAndGet();
            Matcher number = ASKED.matcher(body);
            String said = number.find() ? number.group(1) : "";
            String answer = body.contains("\"judge-1\"")
                    ? "It is.\\nGRADE: yes"
                    : body.contains("\"tuned\"") || Integer.parseInt(said) % 3 == 0 ? said : "what?";
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] bytes = ("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"" + answer
                    + "\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.start();
        return server;
    }
}
