package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.attune.evals.run.Asker;
import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.CallJournal;
import dev.attune.evals.run.ChatCall;
import dev.attune.evals.run.Limits;
import dev.attune.evals.run.QuestionFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that do everything but answer: each request and each run comes to its end all the same. */
class HostileServersTest {
    private static final String GOOD = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
            + "[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"hello\",\"refusal\":null},\"logprobs\":null}]}";

    @TempDir
    Path folder;

    /** What a server does with a connection after it has read a request. */
    private interface Manner {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private static Manner manner(String name) {
        return switch (name) {
            case "silent" -> out -> Thread.sleep(Duration.ofDays(1));
            case "a byte a second" -> out -> {
                for (byte b : response("200 OK", "", GOOD).getBytes(StandardCharsets.UTF_8)) {
                    out.write(b);
                    out.flush();
                    Thread.sleep(200);
                }
            };
            case "come back in an hour" -> out -> write(out, response("429 Too Many Requests", "Retry-After: 3600\r\n",
                    "{\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"}}"));
            case "internal error" -> out -> write(out, response("500 Internal Server Error", "", "boom"));
            case "a web page" -> out -> write(out, response("200 OK", "", "<html><body>Welcome</body></html>"));
            case "a gateway's page" -> out -> write(out, response("502 Bad Gateway", "", "<html>Bad Gateway</html>"));
            case "broken off" -> out -> write(out,
                    response("200 OK", "", GOOD).substring(0, response("200 OK", "", GOOD).length() - 30));
            case "too long" -> out -> write(out, response("200 OK", "", GOOD).replaceFirst("Content-Length: \\d+",
                    "Content-Length: " + (GOOD.length() - 20)));
            case "null" -> out -> write(out, response("200 OK", "", "null"));
            case "an error behind a 200" -> out -> write(out,
                    response("200 OK", "", "{\"error\":{\"message\":\"no capacity\"}}"));
            case "nothing" -> out -> {};
            default -> out -> write(out, response("200 OK", "", GOOD));
        };
    }

    private static String response(String status, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Speaks to such a server; both are gone afterwards. */
    private static <T> T with(String name, java.util.function.Function<OpenAIClient, Callable<T>> work)
            throws Exception {
        try (var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var unused = threads.submit(() -> {
                while (true) {
                    Socket socket = listening.accept();
                    threads.submit(() -> serve(socket, manner(name)));
                }
            });
            OpenAIClient client = OpenAIOkHttpClient.builder()
                    .baseUrl("http://127.0.0.1:" + listening.getLocalPort() + "/v1").apiKey("k").build();
            try {
                return work.apply(client).call();
            } finally {
                client.close();
                threads.shutdownNow();
            }
        }
    }

    private static Void serve(Socket socket, Manner manner) throws InterruptedException {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            int length = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            for (int i = 0; i < length; i++) {
                in.read();
            }
            manner.answer(socket.getOutputStream());
        } catch (IOException gone) {
            // The client has hung up, as it should.
        }
        return null;
    }

    private Callable<Reply> asking(OpenAIClient client, Duration request, Duration run) {
        return () -> {
            var question = QuestionFile.prompt("say 7");
            var limits = new Limits(4, request, run, 50, Double.POSITIVE_INFINITY, Map.of());
            try (CallJournal journal = CallJournal.open(Files.createTempFile(folder, "answers", ".jsonl"));
                    Asker asker = new Asker(journal, limits)) {
                return asker.ask(new OpenAiChatModel(client, "m", "here"),
                        new ChatCall(question.messages(), question.tools(), 0, 32, 0, request));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            silent | the time for the whole run is over; before that:
            a byte a second | the time for the whole run is over; before that:
            come back in an hour | the server asks to wait longer than the whole run may take; before that: slow down
            internal error | the time for the whole run is over; before that:
            a gateway's page | the time for the whole run is over; before that:
            broken off | the time for the whole run is over; before that:
            an error behind a 200 | the time for the whole run is over; before that: the answer has no message in it but an error: {message=no capacity}
            nothing | the time for the whole run is over; before that:
            """)
    void theRunEndsInItsTime(String name, String reason) throws Exception {
        long began = System.nanoTime();
        Reply reply = with(name, client -> asking(client, Duration.ofSeconds(1), Duration.ofSeconds(4)));
        assertThat(reply).isInstanceOfSatisfying(Reply.Failed.class,
                failed -> assertThat(failed.reason()).startsWith(reason));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(12));
    }

    @ParameterizedTest
    @CsvSource({"a web page", "null", "too long"})
    void anAnswerThatIsNoneIsRefusedAndNamed(String name) throws Exception {
        long began = System.nanoTime();
        Reply reply = with(name, client -> asking(client, Duration.ofSeconds(2), Duration.ofSeconds(6)));
        assertThat(reply).as(name).isInstanceOf(Reply.Failed.class);
        assertThat(((Reply.Failed) reply).reason()).contains("not one that the OpenAI protocol knows");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(14));
    }

    @Test
    void aGoodServerIsHeard() throws Exception {
        Reply reply = with("good", client -> asking(client, Duration.ofSeconds(20), Duration.ofSeconds(40)));
        assertThat(reply).isInstanceOfSatisfying(Reply.Given.class,
                given -> assertThat(given.answer().text()).isEqualTo("hello"));
    }
}
