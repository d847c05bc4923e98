package dev.attune.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The start mode in which the official SDKs' own generated suites find what they ask for. The endpoints are the real
 * ones; before each request the things with fixed identifiers are put back, and of the payloads without meaning that the
 * suites send, the part that nobody could mean is left out. Nothing is trained and no batch is answered.
 */
final class Fixtures {
    private static final String VERSION = "/v1";
    private static final Set<String> GENERATING = Set.of("/v1/chat/completions", "/v1/completions");
    private static final Set<String> MEANT = Set.of("model", "messages", "prompt", "stream", "store", "metadata");
    private static final int MAX_BODY_BYTES = 32 << 20;
    private static final int FEW_TOKENS = 4;

    private final FixtureStore store;
    private final ReentrantLock oneByOne = new ReentrantLock();

    Fixtures(FixtureStore store) {
        this.store = store;
    }

    /** The same endpoints, with the fixtures in their place; also without {@code /v1}, where the suites look by themselves. */
    List<Route> around(List<Route> routes) {
        Route.Endpoint job = routes.stream()
                .filter(route -> route.method().equals("GET") && route.path().equals("/v1/fine_tuning/jobs/{job}"))
                .findFirst().orElseThrow().endpoint();
        var all = new ArrayList<Route>();
        for (Route route : routes) {
            Route fixed = route.answeredBy(request -> answer(route, job, request));
            all.add(fixed);
            if (route.path().startsWith(VERSION + "/")) {
                all.add(fixed.at(route.path().substring(VERSION.length())));
            }
        }
        return all;
    }

    private Response answer(Route route, Route.Endpoint job, Request request) throws IOException {
        if (route.method().equals("POST") && GENERATING.contains(route.path())) {
            return generate(route, request);
        }
        oneByOne.lock();
        try {
            store.restore();
            boolean pausing = route.path().endsWith("/pause") || route.path().endsWith("/resume");
            if (pausing && request.part("job").equals(FixtureStore.JOB)) {
                // The SDKs' types do not know the status 'paused'.
                return job.handle(request);
            }
            return route.endpoint().handle(new FixtureRequest(request, body(route, request)));
        } finally {
            oneByOne.unlock();
        }
    }

    /** Asks as it is asked, but for a few tokens only; and where that is refused, without what cannot be meant. */
    private static Response generate(Route route, Request request) throws IOException {
        byte[] bytes = request.bodyBytes(MAX_BODY_BYTES);
        ObjectNode body = Fields.of(bytes).node();
        boolean chat = body.has("messages");
        String limit = chat ? "max_completion_tokens" : "max_tokens";
        if (body.path(limit).asLong(0) == 0) {
            body.put(limit, FEW_TOKENS);
        }
        if (chat && body.path("max_tokens").asLong(0) == 0) {
            body.remove("max_tokens");
        }
        try {
            return route.endpoint().handle(new FixtureRequest(request, Json.bytes(body)));
        } catch (ApiException e) {
            if (e.status() != 400) {
                throw e;
            }
            ObjectNode less = Json.object();
            body.properties().stream().filter(entry -> MEANT.contains(entry.getKey()) || entry.getKey().equals(limit))
                    .forEach(entry -> less.set(entry.getKey(), entry.getValue()));
            return route.endpoint().handle(new FixtureRequest(request, Json.bytes(less)));
        }
    }

    /** The body of a request, meant as far as it can be; null where it is to be read as it comes. */
    private static byte @Nullable [] body(Route route, Request request) throws IOException {
        boolean patched = route.method().equals("POST") && Set
                .of("/v1/uploads", "/v1/uploads/{upload}/complete", "/v1/batches").contains(route.path());
        if (!patched) {
            return null;
        }
        ObjectNode body = Fields.of(request.bodyBytes(MAX_BODY_BYTES)).node();
        if (body.path("bytes").isNumber() && body.path("bytes").asLong() == 0) {
            body.put("bytes", 1);
        }
        if (body.path("md5").asString("").equals("md5")) {
            body.remove("md5");
        }
        if (body.has("endpoint") && !GENERATING.contains(body.path("endpoint").asString(""))) {
            body.put("endpoint", "/v1/chat/completions");
        }
        return Json.bytes(body);
    }

    /** The names of models that stand for a base, and those that the settings give. */
    static Map<String, String> models(Map<String, String> map, String base) {
        var all = new HashMap<String, String>();
        FixtureStore.MODELS.forEach(name -> all.put(name, base));
        all.putAll(map);
        return all;
    }
}
