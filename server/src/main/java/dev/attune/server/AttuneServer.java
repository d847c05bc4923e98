package dev.attune.server;

import dev.attune.server.access.Admission;
import dev.attune.server.access.KeyStore;
import dev.attune.server.access.KeysApi;
import dev.attune.server.batches.BatchQueue;
import dev.attune.server.batches.BatchRun;
import dev.attune.server.batches.BatchStore;
import dev.attune.server.batches.BatchesApi;
import dev.attune.server.chat.ChatApi;
import dev.attune.server.chat.CompareApi;
import dev.attune.server.chat.CompletionsApi;
import dev.attune.server.chat.StoredCompletions;
import dev.attune.server.chat.StoredCompletionsApi;
import dev.attune.server.datasets.DatasetsApi;
import dev.attune.server.datasets.PrepareApi;
import dev.attune.server.files.Contents;
import dev.attune.server.files.FileStore;
import dev.attune.server.files.FilesApi;
import dev.attune.server.files.UploadStore;
import dev.attune.server.files.UploadsApi;
import dev.attune.server.fixtures.FixtureStore;
import dev.attune.server.fixtures.Fixtures;
import dev.attune.server.graders.GradersApi;
import dev.attune.server.http.DescriptionApi;
import dev.attune.server.http.HttpServer;
import dev.attune.server.jobs.JobCheck;
import dev.attune.server.jobs.JobProgress;
import dev.attune.server.jobs.JobQueue;
import dev.attune.server.jobs.JobRowsApi;
import dev.attune.server.jobs.JobStore;
import dev.attune.server.jobs.JobsApi;
import dev.attune.server.jobs.PausePoint;
import dev.attune.server.jobs.TrainingRun;
import dev.attune.server.models.BaseModels;
import dev.attune.server.models.Generations;
import dev.attune.server.models.ModelCatalog;
import dev.attune.server.models.ModelsApi;
import dev.attune.server.models.PermissionsApi;
import dev.attune.server.operating.HealthApi;
import dev.attune.server.operating.Metrics;
import dev.attune.server.operating.ServerSettings;
import dev.attune.server.protocol.InProcess;
import dev.attune.server.protocol.Route;
import dev.attune.server.store.Database;
import dev.attune.server.store.Home;
import dev.attune.server.store.ServerException;
import dev.attune.server.webhooks.Webhooks;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * A running server: the OpenAI protocol over HTTP on one home. Starting it continues what the server before it left
 * undone; closing it stops cleanly, and a training job goes on at the next start. Thread-safe.
 */
public final class AttuneServer implements AutoCloseable {
    private final ServerSettings settings;
    private final HttpServer http;
    private final Generations generations;
    private final Deque<AutoCloseable> parts;

    private AttuneServer(ServerSettings settings, HttpServer http, Generations generations,
            Deque<AutoCloseable> parts) {
        this.settings = settings;
        this.generations = generations;
        this.http = http;
        this.parts = parts;
    }

    /**
     * Starts a server; it listens when this returns.
     *
     * @throws ServerException where it cannot: the home is in use or not writable, the port is taken, the disk is full
     */
    public static AttuneServer start(ServerSettings settings) {
        return start(settings, routes -> routes);
    }

    /** The same, with something around its endpoints. */
    public static AttuneServer start(ServerSettings settings, UnaryOperator<List<Route>> around) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var home = opened(parts, Home.open(settings.home()));
            var database = opened(parts, Database.open(home.database()));
            var keys = new KeyStore(database);
            boolean local = requireKeyBeyondLoopback(settings, keys);
            var metrics = new Metrics();
            var stopping = new AtomicBoolean();
            var contents = new Contents(home);
            var files = new FileStore(database, contents);
            var uploads = new UploadStore(database, home);
            uploads.recover();
            var jobs = new JobStore(database);
            var bases = new BaseModels(settings.modelFolders());
            var models = new ModelCatalog(bases, database, settings.organization(), settings.fixtures()
                    ? Fixtures.models(settings.modelMap(), bases.first())
                    : settings.modelMap());
            var generations = opened(parts, new Generations(settings.limits().queue(), metrics::tokens));
            var stored = new StoredCompletions(database, settings.limits().storedFor());
            var check = new JobCheck(jobs, files, models, home);
            var progress = new JobProgress(database, files, contents, settings.organization());
            var queue = opened(parts, new JobQueue(jobs, check, new TrainingRun(jobs, progress,
                    new PausePoint(database, settings.organization()), home)));
            var routes = new ArrayList<Route>();
            routes.addAll(new FilesApi(files, contents).routes());
            routes.addAll(new UploadsApi(uploads, files, contents).routes());
            routes.addAll(new JobsApi(jobs, files, models, queue::wake, settings.organization()).routes());
            routes.addAll(new ModelsApi(models, database, generations).routes());
            var answering = new ArrayList<>(new ChatApi(models, generations, stored).routes());
            answering.addAll(new CompletionsApi(models, generations).routes());
            var self = new InProcess(answering);
            routes.addAll(answering);
            var batches = new BatchStore(database);
            var batchQueue = opened(parts, new BatchQueue(batches, new BatchRun(batches, files, contents, self)));
            routes.addAll(new BatchesApi(batches, files, self, batchQueue::wake).routes());
            routes.addAll(new PermissionsApi(database, models).routes());
            routes.addAll(new GradersApi(self).routes());
            routes.addAll(new StoredCompletionsApi(stored).routes());
            routes.addAll(new KeysApi(keys).routes());
            routes.addAll(new DatasetsApi(files, models, generations, home.incoming()).routes());
            routes.addAll(new PrepareApi(files, contents, home.incoming()).routes());
            routes.addAll(new CompareApi(self).routes());
            routes.addAll(new JobRowsApi(jobs, home).routes());
            routes.addAll(new HealthApi(database, generations, metrics, stopping::get).routes());
            routes.addAll(new DescriptionApi().routes());
            files.deleteExpired();
            var http = opened(parts, HttpServer.start(settings, new Admission(settings.apiKey(), keys, local,
                    settings.limits().requestsPerMinute()), metrics, stopping,
                    around.apply(settings.fixtures()
                            ? new Fixtures(new FixtureStore(database, files, contents, home, bases.first()))
                                    .around(routes)
                            : List.copyOf(routes))));
            if (!settings.fixtures()) {
                queue.start();
                batchQueue.start();
                settings.webhook().ifPresent(
                        webhook -> opened(parts, new Webhooks(database, webhook.url(), webhook.secret())).start());
            }
            return new AttuneServer(settings, http, generations, parts);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    /** What is being said. */
    Generations generations() {
        return generations;
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /** What a client takes as its base URL: {@code http://127.0.0.1:N/v1}. */
    public URI baseUrl() {
        String host = settings.host();
        boolean everywhere = host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
        String name = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create((settings.tls().isPresent() ? "https://" : "http://") + name + ":" + port() + "/v1");
    }

    /** Stops listening, lets the trainer make a checkpoint, and gives the home back. May take some seconds. */
    @Override
    public void close() {
        closeAll(parts);
    }

    /** Whether only this machine can reach the server; where others can, there has to be a key. */
    private static boolean requireKeyBeyondLoopback(ServerSettings settings, KeyStore keys) {
        try {
            boolean local = InetAddress.getByName(settings.host()).isLoopbackAddress();
            if (!local && settings.apiKey().isEmpty() && !keys.isAny()) {
                throw new ServerException("Listening on " + settings.host()
                        + " would let the whole network in: set an API key, make one with 'attune keys create', or"
                        + " listen on 127.0.0.1.");
            }
            return local;
        } catch (UnknownHostException e) {
            throw new ServerException("The address " + settings.host()
                    + " is not known; use 127.0.0.1 or an address of this machine.", e);
        }
    }

    private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(AttuneServer.class).warn("a part did not close cleanly", e);
            }
        }
    }
}
