package dev.attune.cli;

import com.openai.client.OpenAIClient;
import dev.attune.workflow.Endpoint;
import dev.attune.workflow.Provider;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which server a command speaks to: {@code --base-url} or {@code OPENAI_BASE_URL}, with {@code OPENAI_API_KEY}. */
final class ServerOptions {
    @Option(names = "--base-url", paramLabel = "URL", defaultValue = "", description = "The server, like http://127.0.0.1:8080/v1 (default: $OPENAI_BASE_URL).")
    String baseUrl = "";

    /** The endpoint of the options and the environment. */
    Endpoint endpoint() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (!baseUrl.isBlank()) {
            environment.put("OPENAI_BASE_URL", baseUrl);
        }
        if (environment.getOrDefault("OPENAI_BASE_URL", "").isBlank()) {
            throw new CommandException(
                    "no server is named: start one with 'attune serve' and set OPENAI_BASE_URL to the"
                            + " address that it prints, or give --base-url");
        }
        return Endpoint.of(Provider.ATTUNE, environment);
    }

    /** A client of the endpoint; whoever asks for it closes it. */
    OpenAIClient client() {
        return endpoint().client();
    }
}
