package dev.attune.server.http;

import dev.attune.server.access.Admission;
import dev.attune.server.access.Tls;
import dev.attune.server.operating.Metrics;
import dev.attune.server.operating.ServerSettings;
import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.ClientGoneException;
import dev.attune.server.protocol.ClientWatch;
import dev.attune.server.protocol.Failures;
import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import dev.attune.server.protocol.Route;
import dev.attune.server.store.Ids;
import dev.attune.server.store.ServerException;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side: Javalin on Jetty, which only this class and its neighbours
 * {@link ConnectionWatch}, {@link SlowStart} and {@link JsonErrors} know. Requests run on virtual threads; a handful of
 * platform threads accept and select. Every answer carries {@code x-request-id}; every error, also one that Jetty finds
 * before a route is chosen, has OpenAI's body.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    static final String REQUEST_ID = "x-request-id";
    /** Of the protocol, as OpenAI's answers name it. */
    private static final String VERSION = "2020-10-01";
    private static final String BEGAN = "attune.began";

    private final Javalin javalin;
    private final Traffic traffic;

    private HttpServer(Javalin javalin, Traffic traffic) {
        this.javalin = javalin;
        this.traffic = traffic;
    }

    /**
     * Starts to listen.
     *
     * @throws ServerException where the port is taken or the address is not this machine's
     */
    public static HttpServer start(ServerSettings settings, Admission admission, Metrics metrics,
            AtomicBoolean stopping,
            List<Route> routes) {
        var traffic = new Traffic(metrics, stopping, settings.limits().stop());
        var javalin = Javalin.create(config -> {
            configure(config, settings);
            config.routes
                    .before(context -> {
                        context.header(REQUEST_ID, Ids.next("req_")).header("x-content-type-options", "nosniff")
                                .header("openai-version", VERSION);
                        context.attribute(BEGAN, System.nanoTime());
                    });
            config.routes.exception(HttpResponseException.class, (e, context) -> fail(context, unrouted(e, context)));
            config.routes.exception(Exception.class, (e, context) -> fail(context, e));
            for (Route route : routes) {
                config.routes.addHttpHandler(HandlerType.findOrCreate(route.method()), route.path(),
                        context -> handle(context, route, admission, traffic, settings.organization()));
            }
        });
        try {
            javalin.start();
            return new HttpServer(javalin, traffic);
        } catch (RuntimeException e) {
            javalin.stop();
            throw new ServerException(ListenFailure.sentence(settings.host(), settings.port(), e), e);
        }
    }

    private static void handle(Context context, Route route, Admission admission, Traffic traffic,
            String organization) throws Exception {
        var request = new JavalinRequest(context);
        var passage = traffic.enter(request.id(), route, context.path());
        try {
            if (route.isOpen()) {
                send(context, route.endpoint().handle(request));
            } else {
                Admission.Admitted admitted = admission.check(request, route.role());
                passage.by(admitted.caller());
                admitted.standing().headers().forEach(context::header);
                String owner = admitted.caller().organization();
                context.header("openai-organization", owner.isEmpty() ? organization : owner);
                ScopedValue.where(Caller.NOW, admitted.caller()).call(() -> {
                    send(context, route.endpoint().handle(request));
                    return true;
                });
            }
        } catch (Exception e) {
            fail(context, e);
        } finally {
            passage.leave(context.res().getStatus());
        }
    }

    public int port() {
        return javalin.port();
    }

    /** Stops listening, once the answers in progress have come to their end or their time is over. */
    @Override
    public void close() {
        traffic.drain();
        javalin.stop();
    }

    private static void configure(JavalinConfig config, ServerSettings settings) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.generateEtags = false;
        config.router.javaLangErrorHandler((response, error) -> {
            log.error("a request failed", error);
            response.setStatus(500);
        });
        var threads = new QueuedThreadPool(8, 3);
        threads.setName("attune-http");
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("attune-request-", 0).factory()));
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new JsonErrors());
            server.setStopTimeout(0);
            server.addBean(new NetworkConnectionLimit(settings.limits().connections(), server));
        });
        config.jetty.addConnector((server, http) -> connector(server, http, settings));
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, ServerSettings settings) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(settings.limits().headerBytes());
        var protocol = new HttpConnectionFactory(http);
        var connector = settings.tls().map(tls -> {
            var context = new SslContextFactory.Server();
            context.setKeyStore(tls.store());
            context.setKeyStorePassword(Tls.PASSWORD);
            return new ServerConnector(server, 1, 1, new SslConnectionFactory(context, "http/1.1"), protocol);
        }).orElseGet(() -> new ServerConnector(server, 1, 1, protocol));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.limits().idle().toMillis());
        connector.addBean(new SlowStart(connector, settings.limits().header()));
        return connector;
    }

    private static void tellTime(Context context) {
        Long began = context.attribute(BEGAN);
        if (began != null) {
            context.header("openai-processing-ms", Long.toString((System.nanoTime() - began) / 1_000_000));
        }
    }

    private static void send(Context context, Response response) throws IOException {
        tellTime(context);
        switch (response) {
            case Response.Body body -> {
                byte[] json = Json.bytes(body.value());
                context.header("Content-Length", Integer.toString(json.length));
                context.contentType("application/json").result(json);
            }
            case Response.Text text -> context.contentType(text.contentType()).result(text.text());
            case Response.Content content -> {
                context.header("Content-Disposition", "attachment; filename=\"" + ascii(content.filename()) + "\"");
                context.header("Content-Length", Long.toString(Files.size(content.file())));
                context.contentType(content.contentType());
                try (InputStream in = Files.newInputStream(content.file())) {
                    in.transferTo(context.res().getOutputStream());
                }
            }
            case Response.Events events -> stream(context, events.source());
        }
    }

    private static void stream(Context context, Response.EventSource source) throws IOException {
        var http = context.res();
        http.setContentType("text/event-stream; charset=utf-8");
        http.setHeader("Cache-Control", "no-cache");
        http.setHeader("X-Accel-Buffering", "no");
        OutputStream out = http.getOutputStream();
        try {
            source.writeTo(new Response.EventSink() {
                @Override
                public void send(String data) throws IOException {
                    write("data: " + data + "\n\n");
                }

                @Override
                public void comment(String text) throws IOException {
                    write(": " + text + "\n\n");
                }

                private void write(String frame) throws IOException {
                    out.write(frame.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            });
        } catch (EofException | ClientGoneException e) {
            log.debug("a client left in the middle of an answer");
        }
    }

    private static void fail(Context context, Exception failure) {
        String id = String.valueOf(context.res().getHeader(REQUEST_ID));
        if (failure instanceof EofException || failure instanceof ClientGoneException
                || context.res().isCommitted()) {
            log.debug("request {} ended early: {}", id, failure.toString());
            return;
        }
        ApiException answer = Failures.answer(failure, id);
        tellTime(context);
        context.status(answer.status());
        answer.headers().forEach(context::header);
        if (answer.status() == 507) {
            context.header("x-should-retry", "false");
        }
        if (answer.status() == 413) {
            context.header("Connection", "close");
        }
        context.contentType("application/json").result(Json.bytes(answer.error().envelope()));
    }

    private static Exception unrouted(HttpResponseException e, Context context) {
        String where = context.req().getMethod() + " " + context.path();
        return switch (e.getStatus()) {
            case 404 -> ApiException.notFound("Invalid URL (" + where + ")", null, null);
            case 405 -> new ApiException(405, ApiError.invalidRequest("Not allowed to " + where + ".", null,
                    "method_not_supported"));
            default -> e.getStatus() < 500
                    ? new ApiException(e.getStatus(), ApiError.invalidRequest(String.valueOf(e.getMessage()), null,
                            null))
                    : e;
        };
    }

    private static String ascii(String filename) {
        return filename.replaceAll("[^A-Za-z0-9._ -]", "_");
    }

    private record JavalinRequest(Context context) implements Request {
        @Override
        public String id() {
            return String.valueOf(context.res().getHeader(REQUEST_ID));
        }

        @Override
        public String part(String name) {
            return context.pathParam(name);
        }

        @Override
        public Map<String, List<String>> query() {
            return context.queryParamMap();
        }

        @Override
        public String header(String name) {
            @Nullable
            String value = context.req().getHeader(name);
            return value == null ? "" : value;
        }

        @Override
        public long contentLength() {
            return context.req().getContentLengthLong();
        }

        @Override
        public ClientWatch watchClient() {
            return ConnectionWatch.of(context.req());
        }

        @Override
        public InputStream body() {
            try {
                return new SteadyInput(context.req().getInputStream());
            } catch (IOException e) {
                throw ApiException.badRequest("The body of the request cannot be read.", null);
            }
        }
    }
}
