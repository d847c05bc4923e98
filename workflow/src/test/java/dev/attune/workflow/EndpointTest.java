package dev.attune.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EndpointTest {

    @Test
    void attuneNeedsAnAddressAndTakesAnyKey() {
        assertThat(Endpoint.of(Provider.ATTUNE, Map.of("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1/")))
                .isEqualTo(new Endpoint(Provider.ATTUNE, "http://127.0.0.1:8080/v1", "attune"));
        assertThatThrownBy(() -> Endpoint.of(Provider.ATTUNE, Map.of())).hasMessage(
                "OPENAI_BASE_URL is not set; start `attune serve` and set OPENAI_BASE_URL to the address that it prints.");
    }

    @Test
    void openAiNeedsAKeyAndHasAnAddress() {
        assertThat(Endpoint.of(Provider.OPENAI, Map.of("OPENAI_API_KEY", "sk-1")).baseUrl())
                .isEqualTo("https://api.openai.com/v1");
        assertThatThrownBy(() -> Endpoint.of(Provider.OPENAI, Map.of("OPENAI_API_KEY", " ")))
                .hasMessage("OPENAI_API_KEY is not set; set it to a key of your OpenAI project.");
    }

    @Test
    void azureTakesAnyFormOfItsAddress() {
        for (String written : List.of("https://r.openai.azure.com", "https://r.openai.azure.com/",
                "https://r.openai.azure.com/openai",
                "https://r.openai.azure.com/openai/v1/")) {
            assertThat(Endpoint.of(Provider.AZURE, Map.of("AZURE_OPENAI_ENDPOINT", written, "AZURE_OPENAI_KEY", "k"))
                    .baseUrl())
                    .isEqualTo("https://r.openai.azure.com/openai/v1");
        }
        assertThatThrownBy(
                () -> Endpoint.of(Provider.AZURE, Map.of("AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com")))
                .hasMessageContaining("AZURE_OPENAI_API_KEY is not set");
    }

    @Test
    void anAddressThatIsNoneIsRefusedAndNoKeyIsEverPrinted() {
        assertThatThrownBy(() -> new Endpoint(Provider.ATTUNE, "127.0.0.1:8080", "secret"))
                .hasMessageContaining("127.0.0.1:8080").hasMessageNotContaining("secret");
        assertThat(new Endpoint(Provider.OPENAI, "https://api.openai.com/v1", "secret").toString())
                .doesNotContain("secret");
    }

    @Test
    void theKeyTravelsAsEachProviderWantsIt() throws Exception {
        var headers = new CopyOnWriteArrayList<String>();
        var paths = new CopyOnWriteArrayList<String>();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        http.createContext("/", exchange -> {
            headers.add(exchange.getRequestHeaders().getFirst("Authorization") + " | "
                    + exchange.getRequestHeaders().getFirst("api-key"));
            paths.add(exchange.getRequestURI().getPath());
            byte[] body = "{\"object\":\"list\",\"data\":[]}".getBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        try {
            String root = "http://127.0.0.1:" + http.getAddress().getPort();
            for (Endpoint endpoint : List.of(
                    Endpoint.of(Provider.OPENAI, Map.of("OPENAI_BASE_URL", root + "/v1", "OPENAI_API_KEY", "k1")),
                    Endpoint.of(Provider.AZURE, Map.of("AZURE_OPENAI_ENDPOINT", root, "AZURE_OPENAI_API_KEY", "k2")))) {
                var client = endpoint.client();
                new FineTuning(client).models();
                client.close();
            }
        } finally {
            http.stop(0);
        }
        assertThat(headers).containsExactly("Bearer k1 | null", "null | k2");
        assertThat(paths).containsExactly("/v1/models", "/openai/v1/models");
    }
}
