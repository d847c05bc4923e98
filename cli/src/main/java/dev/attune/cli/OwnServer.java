package dev.attune.cli;

import com.openai.client.OpenAIClient;
import dev.attune.server.AttuneServer;
import dev.attune.server.operating.ServerSettings;
import dev.attune.workflow.Endpoint;
import dev.attune.workflow.Provider;
import java.nio.file.Path;
import java.util.List;

/**
 * A server of this process on a free loopback port, and the client that is the only way to it. Closing it stops running
 * trainers; what they did is kept, and the next server of the same home goes on with it.
 */
final class OwnServer implements AutoCloseable {
    private static final String KEY = "local";

    private final AttuneServer server;
    private final OpenAIClient client;

    private OwnServer(AttuneServer server, OpenAIClient client) {
        this.server = server;
        this.client = client;
    }

    static OwnServer start(Path home, List<Path> modelFolders) {
        AttuneServer server = ServeCommand.start(new ServerSettings(home, "127.0.0.1", 0, modelFolders, "", "attune"));
        return new OwnServer(server, new Endpoint(Provider.ATTUNE, server.baseUrl().toString(), KEY).client());
    }

    String baseUrl() {
        return server.baseUrl().toString();
    }

    OpenAIClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
