package dev.attune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.server.Rig;
import dev.attune.server.operating.ServerLimits;
import dev.attune.server.protocol.Json;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile client tries first. */
class AttackTest {
    private static final long SEED = Long.getLong("attune.seed", 41);
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private static Path home;
    private static Rig rig;

    @BeforeAll
    static void start() {
        var usual = ServerLimits.DEFAULT;
        rig = Rig.start(Rig.settings(home, 0, "").with(new ServerLimits(0, usual.queue(), usual.connections(), 8192,
                Duration.ofSeconds(2), Duration.ofMillis(800), usual.stop(), usual.storedFor())));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static String exchange(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", rig.server().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String get(String path, String headers) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/files/..%2f..%2fattune.db/content", "/v1/files/%2e%2e/content",
            "/v1/files/....//....//etc/passwd", "/v1/files/..;/..;/attune.db", "/v1/files/%00/content",
            "/v1/files/file-a%0d%0aSet-Cookie:x/content", "/v1/models/..%5c..%5cattune.db",
            "/v1/%2e%2e/%2e%2e/etc/passwd",
            "//etc/passwd", "/v1/fine_tuning/jobs/%2e%2e%2f%2e%2e/events", "/v1/files/%c0%ae%c0%ae/content"})
    void noPathLeadsOutOfTheServer(String path) throws IOException {
        String answer = get(path, "Host: localhost\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*").doesNotContain("SQLite", "root:", "\r\nSet-Cookie",
                "\nSet-Cookie", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
            "169.254.169.254", "user@evil.example"})
    void aNameThatIsNotThisMachinesIsRefused(String host) throws IOException {
        assertThat(get("/v1/models", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 4").doesNotContain("tiny-chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:1", "[::1]:99"})
    void aNameOfThisMachineIsTaken(String host) throws IOException {
        assertThat(get("/v1/models", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void pagesOfOtherSitesAreRefused_andLocalOnesAreNot() throws IOException {
        assertThat(get("/v1/models", "Host: localhost\r\nOrigin: https://evil.example\r\n"))
                .startsWith("HTTP/1.1 403 ").contains("origin_not_allowed");
        assertThat(get("/v1/models", "Host: localhost\r\nOrigin: null\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(get("/v1/models", "Host: localhost\r\nOrigin: http://localhost:3000\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 4\r\nContent-Length: 5\r\n",
            "Transfer-Encoding: xchunked\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "Content-Length: 4 4\r\n"})
    void aRequestWhoseEndIsDoubtfulIsRefused_andNothingBehindItIsRead(String headers) throws IOException {
        String answer = exchange("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\n" + headers
                + "\r\n0\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("tiny-chat");
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws IOException {
        assertThat(get("/v1/models", "Host: localhost\r\nX-Large: " + "a".repeat(20_000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(get("/v1/models?" + "a".repeat(20_000), "Host: localhost\r\n")).startsWith("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"max_tokens\":1e999999}", "{\"seed\":1e308}", "{\"n\":9223372036854775808}",
            "{\"temperature\":NaN}", "{\"temperature\":1e400}", "{\"n\":0x10}", "{\"top_p\":-0e9999999999}"})
    void numbersBeyondAllBoundsAreRefused(String body) throws Exception {
        var response = rig.post(CHAT, body.replace("{", "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\","
                + "\"content\":\"x\"}],\"max_completion_tokens\":1,"));

        assertThat(response.statusCode()).as(response.body()).isIn(200, 400);
        assertThat(response.body()).doesNotContain("Exception");
    }

    @Test
    void aNumberWithThousandsOfDigitsIsRefusedQuickly() throws Exception {
        long began = System.nanoTime();
        var response = rig.post(CHAT, "{\"model\":\"tiny-chat\",\"n\":" + "9".repeat(2_000_000) + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":["})
    void nestingWithoutEndIsRefused(String piece) throws Exception {
        assertThat(rig.post(CHAT, "{\"messages\":" + piece.repeat(200_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void aLineOfTheLogStaysOneLine() {
        assertThat(Traffic.harmless("/v1/files/a\r\nrequest=x status=200 \u2028\u001b[31m"))
                .isEqualTo("/v1/files/a__request_x_status_200___[31m");
        assertThat(Traffic.harmless("a".repeat(10_000))).hasSizeLessThan(300);
    }

    @Test
    void markupInNamesComesBackAsData() throws Exception {
        String body = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"<script>alert(1)</script>.jsonl\"\r\n\r\n"
                + Rig.rows(1)
                + "\r\n--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--X--\r\n";
        var file = rig.send("POST", "/v1/files", "multipart/form-data; boundary=X",
                body.getBytes(StandardCharsets.UTF_8));
        assertThat(file.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
        assertThat(file.headers().firstValue("x-content-type-options")).contains("nosniff");
        var content = rig.send("GET", "/v1/files/" + Json.tree(file.body()).path("id").asString() + "/content", "",
                new byte[0]);
        assertThat(content.headers().firstValue("content-disposition").orElseThrow()).startsWith("attachment")
                .doesNotContain("<");
    }

    @Test
    void aClientThatSendsItsHeadersByteByByteIsShutOut() throws Exception {
        try (var socket = new Socket("127.0.0.1", rig.server().port())) {
            socket.setSoTimeout(10_000);
            long began = System.nanoTime();
            boolean open = true;
            for (int i = 0; open && i < 100; i++) {
                try {
                    socket.getOutputStream().write('G');
                    socket.getOutputStream().flush();
                    Thread.sleep(100);
                } catch (IOException e) {
                    open = false;
                }
            }
            assertThat(open).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
        }
        assertThat(rig.send("GET", "/v1/models", "", new byte[0]).statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatNeverComesDoesNotHoldTheServer() throws Exception {
        String answer = exchange("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");

        assertThat(answer).doesNotContain("HTTP/1.1 200");
    }

    @Test
    void anAnswerThatTakesLongerThanAConnectionMayStandStillComesAllTheSame() throws Exception {
        long began = System.nanoTime();
        var answer = rig.post(CHAT, "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                + "\"n\":128,\"logit_bias\":{\"0\":-100,\"2\":-100}}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.tree(answer.body()).path("choices").size()).isEqualTo(128);
        System.out.println("a long answer took " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    /** Bodies made of the right ones by chance, with one printed seed: each is answered or refused with a sentence. */
    @Test
    void noBodyMakesTheServerFail() throws Exception {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        List<String> pieces = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e9", "true", "\"model\"",
                "\"tiny-chat\"", "\"messages\"", "\"role\"", "\"user\"", "\"content\"", "\"tools\"", "\"type\"",
                "\"function\"", "\"stop\"", "\"n\"", "\"logit_bias\"", "\"\\ud800\"", "\u0000");
        String good = "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":1}";
        for (int round = 0; round < 300; round++) {
            var body = new StringBuilder(good);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(body.length() + 1);
                int to = Math.min(body.length(), at + random.nextInt(6));
                body.replace(at, to, pieces.get(random.nextInt(pieces.size())));
            }
            for (String path : List.of(CHAT, "/v1/completions", "/v1/fine_tuning/jobs")) {
                var response = rig.post(path, body.toString());
                assertThat(response.statusCode()).as(path + " " + body).isLessThan(500);
            }
        }
    }
}
