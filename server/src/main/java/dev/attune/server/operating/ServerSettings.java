package dev.attune.server.operating;

import dev.attune.server.access.Tls;
import dev.attune.server.store.ServerException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one server runs.
 *
 * @param home the folder that holds everything the server keeps; made where it is absent
 * @param host the address to listen on; anything but loopback needs an API key
 * @param port the port to listen on; 0 picks a free one
 * @param modelFolders folders whose children are base models in Hugging Face layout; the first that has a name wins
 * @param apiKey the bearer token that every request must carry; empty accepts any or none
 * @param organization the slug that stands in the names of tuned models
 * @param modelMap names that clients use, such as those of OpenAI's models, to the models here that stand for them; a
 *            base model of the same name goes first
 * @param webhook where to tell how jobs and batches end, where anybody wants to know
 * @param limits what it takes upon itself at most
 * @param tls by what it proves who it is, where it speaks TLS
 * @param fixtures whether the fixed identifiers of the official SDKs' own test suites exist, and nothing is trained
 */
public record ServerSettings(Path home, String host, int port, List<Path> modelFolders, String apiKey,
        String organization, Map<String, String> modelMap, Optional<Webhook> webhook, boolean fixtures,
        ServerLimits limits,
        Optional<Tls> tls) {
    public ServerSettings {
        modelFolders = List.copyOf(modelFolders);
        modelMap = Map.copyOf(modelMap);
        if (port < 0 || port > 65535) {
            throw new ServerException("The port must be between 0 and 65535, not " + port + ".");
        }
        if (!organization.matches("[a-z0-9-]{1,64}")) {
            throw new ServerException("The organization \"" + organization
                    + "\" must be 1 to 64 lower-case letters, digits or hyphens, because it stands in model names.");
        }
    }

    /** Settings without mapped models, webhook and fixtures. */
    public ServerSettings(Path home, String host, int port, List<Path> modelFolders, String apiKey,
            String organization) {
        this(home, host, port, modelFolders, apiKey, organization, Map.of(), Optional.empty(), false);
    }

    /** Settings with the usual limits and without TLS. */
    public ServerSettings(Path home, String host, int port, List<Path> modelFolders, String apiKey,
            String organization, Map<String, String> modelMap, Optional<Webhook> webhook, boolean fixtures) {
        this(home, host, port, modelFolders, apiKey, organization, modelMap, webhook, fixtures, ServerLimits.DEFAULT,
                Optional.empty());
    }

    @Override
    public String toString() {
        return "ServerSettings[home=" + home + ", host=" + host + ", port=" + port + ", apiKey=not shown]";
    }

    /** The same with other limits. */
    public ServerSettings with(ServerLimits other) {
        return new ServerSettings(home, host, port, modelFolders, apiKey, organization, modelMap, webhook, fixtures,
                other, tls);
    }

    /** The same with TLS. */
    public ServerSettings with(Tls other) {
        return new ServerSettings(home, host, port, modelFolders, apiKey, organization, modelMap, webhook, fixtures,
                limits, Optional.of(other));
    }

    /**
     * Who is told of events.
     *
     * @param url an http or https address
     * @param secret what the messages are signed with: {@code whsec_} and Base64, as Standard Webhooks writes it
     */
    public record Webhook(URI url, String secret) {
        public Webhook {
            String scheme = String.valueOf(url.getScheme());
            if (!scheme.equals("http") && !scheme.equals("https") || url.getHost() == null) {
                throw new ServerException("The webhook " + url + " must be an http or https address with a host.");
            }
            if (!secret.matches("whsec_[A-Za-z0-9+/]{16,}={0,2}")) {
                throw new ServerException("The webhook's secret must be whsec_ followed by Base64 of at least 12 bytes;"
                        + " it signs every message.");
            }
        }

        @Override
        public String toString() {
            return "Webhook[url=" + url + ", secret=not shown]";
        }
    }
}
