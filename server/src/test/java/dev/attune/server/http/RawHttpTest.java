package dev.attune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.UnauthorizedException;
import dev.attune.server.Rig;
import dev.attune.server.Schemas;
import dev.attune.server.protocol.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawHttpTest {
    private static final byte[] NOTHING = {};

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

    @ParameterizedTest
    @CsvSource({"GET,/,404", "GET,/v1,404", "GET,/v1/nothing,404", "GET,/_stainless_unknown_path,404",
            "DELETE,/v1/files,405", "PUT,/v1/models,405",
            "PUT,/v1/chat/completions,405", "GET,/v1/chat/completions/nobody,404",
            "GET,/v1/files/file-nobody,404", "GET,/v1/models/nobody,404", "GET,/v1/fine_tuning/jobs/nobody,404",
            "GET,/v1/models/ft:a:b:c:d,404", "GET,/v1/models/ft%3Aa%3Ab%3Ac%3Ad,404", "GET,/v1/files?limit=0,400",
            "GET,/v1/files?limit=x,400", "GET,/v1/files?order=up,400", "GET,/v1/fine_tuning/jobs?after=nobody,400",
            "GET,/v1/models/%zz,400", "GET,/v1/models/a%2Fb,404", "GET,/v1/../../etc/passwd,400"})
    void everyErrorHasAllFourKeysAndARequestId(String method, String path, int status) throws Exception {
        String answer = exchange(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").containsIgnoringCase("x-request-id: req_");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        Schemas.check("ErrorResponse", Json.tree(body));
        assertThat(Json.tree(body).path("error").propertyNames()).containsExactlyInAnyOrder("message", "type", "param",
                "code");
    }

    @Test
    void requestIdsDifferAndStandOnSuccessToo() throws Exception {
        var one = rig.send("GET", "/v1/models", "", NOTHING).headers().firstValue("x-request-id");
        var two = rig.send("GET", "/v1/models", "", NOTHING).headers().firstValue("x-request-id");

        assertThat(one).isPresent().isNotEqualTo(two);
    }

    @Test
    void answersTellTheirTimeAndTheirOrganization_asOpenAIsDo() throws Exception {
        var headers = rig.send("GET", "/v1/models", "", NOTHING).headers();

        assertThat(headers.firstValue("openai-processing-ms").orElseThrow()).matches("\\d+");
        assertThat(headers.firstValue("openai-version")).contains("2020-10-01");
        assertThat(headers.firstValue("openai-organization")).contains("acme");
        assertThat(rig.send("GET", "/v1/models/nobody", "", NOTHING).headers().firstValue("openai-processing-ms"))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/%00", "/v1/models/%zz", "/v1/models/%ff"})
    void whereNothingMoreIsReadTheAnswerSaysSo(String path) throws Exception {
        String answer = exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "5", "{\"a\":1,\"a\":2}", "{} {}", "nul", "{\"model\":}"})
    void bodyThatIsNoJsonObjectIsRefused(String body) throws Exception {
        HttpResponse<String> response = rig.post("/v1/fine_tuning/jobs", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Json.tree(response.body()).path("error").path("type").asString()).isEqualTo("invalid_request_error");
    }

    @Test
    void bodyThatIsNotUtf8IsRefused() throws Exception {
        var response = rig.send("POST", "/v1/chat/completions", "application/json", new byte[]{'{', '"', (byte) 0xC0,
                (byte) 0xAF, '"', ':', '1', '}'});

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("not valid UTF-8");
    }

    @Test
    void jsonDeeperThanAnyRequestIsRefused() throws Exception {
        var response = rig.post("/v1/chat/completions", "{\"messages\":" + "[".repeat(100_000));

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void bodyLargerThanAJobIs413() throws Exception {
        var response = rig.post("/v1/fine_tuning/jobs", "{\"model\":\"" + "x".repeat(2 << 20) + "\"}");

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void uploadOfMoreThan512MegabytesIsRefusedByItsLength() throws Exception {
        String answer = exchange(
                "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                        + "Content-Length: 700000000\r\nConnection: close\r\n\r\n--b\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("larger than 512 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "text/plain", ""})
    void uploadThatIsNotMultipartIsRefused(String type) throws Exception {
        var response = rig.send("POST", "/v1/files", type, "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("multipart/form-data");
    }

    @Test
    void uploadAsCurlSendsItIsAccepted_alsoWithThePurposeLast() throws Exception {
        String body = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../a.jsonl\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n{\"messages\":[]}\r\n"
                + "--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--X--\r\n";

        var response = rig.send("POST", "/v1/files", "multipart/form-data; boundary=X",
                body.getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(Json.tree(response.body()).path("filename").asString()).isEqualTo("a.jsonl");
    }

    @ParameterizedTest
    @CsvSource({"purpose,dancing,purpose", "other,x,purpose"})
    void uploadWithoutAKnownPurposeIsRefused(String name, String value, String param) throws Exception {
        String body = "--X\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}\r\n"
                + "--X\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n--X--\r\n";

        var response = rig.send("POST", "/v1/files", "multipart/form-data; boundary=X",
                body.getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Json.tree(response.body()).path("error").path("param").asString()).isEqualTo(param);
    }

    @Test
    void wrongKeyIsRefused_andTheRightOneIsNot(@TempDir Path other) throws Exception {
        try (var locked = Rig.start(other, "sk-right")) {
            assertThat(locked.client().models().list().data()).isNotEmpty();
            assertThat(locked.send("GET", "/v1/models", "", NOTHING).statusCode()).isEqualTo(401);
            var stranger = OpenAIOkHttpClient.builder().baseUrl(locked.server().baseUrl().toString())
                    .apiKey("sk-wrong").maxRetries(0).build();
            assertThatThrownBy(() -> stranger.models().list()).isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("Incorrect API key provided").hasMessageNotContaining("sk-wrong");
            stranger.close();
        }
    }

    private static String exchange(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", rig.server().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
