package dev.attune.workflow;

import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.attune.workflow.WorkflowException.Code;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where the protocol is spoken and with which key.
 *
 * @param baseUrl the address up to and including {@code /v1}, without a slash at the end
 * @param apiKey the key; never printed
 */
public record Endpoint(Provider provider, String baseUrl, String apiKey) {
    private static final String OPENAI = "https://api.openai.com/v1";
    /** A CPU may take minutes for a long answer; beyond that something is wrong. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    public Endpoint {
        baseUrl = trimmed(baseUrl);
        String scheme = scheme(baseUrl);
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw new WorkflowException(Code.NOT_CONFIGURED,
                    "The base URL '" + baseUrl
                            + "' is not an http or https address; write it like http://127.0.0.1:8080/v1.");
        }
        if (apiKey.isBlank()) {
            throw new WorkflowException(Code.NOT_CONFIGURED,
                    "The key for " + baseUrl + " is empty; set it in the environment.");
        }
    }

    /**
     * The endpoint that the environment names. Attune and OpenAI read {@code OPENAI_BASE_URL} and {@code OPENAI_API_KEY}
     * (Attune needs the address and takes any key, OpenAI needs the key); Azure reads {@code AZURE_OPENAI_ENDPOINT} and
     * {@code AZURE_OPENAI_API_KEY} (or {@code AZURE_OPENAI_KEY}).
     *
     * @throws WorkflowException which names the variable that is missing
     */
    public static Endpoint of(Provider provider, Map<String, String> environment) {
        return switch (provider) {
            case ATTUNE -> new Endpoint(provider,
                    required(environment, "OPENAI_BASE_URL",
                            "start `attune serve` and set OPENAI_BASE_URL to the address that it prints"),
                    environment.getOrDefault("OPENAI_API_KEY", "attune"));
            case OPENAI -> new Endpoint(provider, environment.getOrDefault("OPENAI_BASE_URL", OPENAI),
                    required(environment, "OPENAI_API_KEY", "set it to a key of your OpenAI project"));
            case AZURE -> azure(environment);
        };
    }

    /** A client that speaks to this endpoint; whoever asks for it closes it. */
    public OpenAIClient client() {
        var builder = OpenAIOkHttpClient.builder().baseUrl(baseUrl).timeout(TIMEOUT);
        if (provider == Provider.AZURE) {
            builder.credential(AzureApiKeyCredential.create(apiKey));
        } else {
            builder.apiKey(apiKey);
        }
        return builder.build();
    }

    @Override
    public String toString() {
        return "Endpoint[" + provider.key() + " at " + baseUrl + "]";
    }

    private static Endpoint azure(Map<String, String> environment) {
        String address = trimmed(required(environment, "AZURE_OPENAI_ENDPOINT",
                "set it to the address of your resource, https://<resource>.openai.azure.com"));
        String base = address.endsWith("/v1")
                ? address
                : address.endsWith("/openai") ? address + "/v1" : address + "/openai/v1";
        String key = environment.getOrDefault("AZURE_OPENAI_API_KEY", environment.getOrDefault("AZURE_OPENAI_KEY", ""));
        if (key.isBlank()) {
            required(environment, "AZURE_OPENAI_API_KEY", "set it to a key of your Azure OpenAI resource");
        }
        return new Endpoint(Provider.AZURE, base, key);
    }

    private static String required(Map<String, String> environment, String name, String advice) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new WorkflowException(Code.NOT_CONFIGURED, name + " is not set; " + advice + ".");
        }
        return value;
    }

    private static String trimmed(String url) {
        String text = url.strip();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    private static String scheme(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() == null || uri.getScheme() == null ? "" : uri.getScheme();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
