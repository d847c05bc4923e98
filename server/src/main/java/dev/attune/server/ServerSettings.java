package dev.attune.server;

import java.nio.file.Path;
import java.util.List;

/**
 * How one server runs.
 *
 * @param home the folder that holds everything the server keeps; made where it is absent
 * @param host the address to listen on; anything but loopback needs an API key
 * @param port the port to listen on; 0 picks a free one
 * @param modelFolders folders whose children are base models in Hugging Face layout; the first that has a name wins
 * @param apiKey the bearer token that every request must carry; empty accepts any or none
 * @param organization the slug that stands in the names of tuned models
 */
public record ServerSettings(Path home, String host, int port, List<Path> modelFolders, String apiKey,
        String organization) {
    public ServerSettings {
        modelFolders = List.copyOf(modelFolders);
        if (port < 0 || port > 65535) {
            throw new ServerException("The port must be between 0 and 65535, not " + port + ".");
        }
        if (!organization.matches("[a-z0-9-]{1,64}")) {
            throw new ServerException("The organization \"" + organization
                    + "\" must be 1 to 64 lower-case letters, digits or hyphens, because it stands in model names.");
        }
    }
}
