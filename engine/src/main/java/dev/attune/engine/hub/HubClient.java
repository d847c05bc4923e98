package dev.attune.engine.hub;

import dev.attune.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;

/**
 * Asks a hub, follows where it sends, and says in one sentence why it refuses. The token goes to the hub's own host only.
 * Thread-safe; whoever makes it closes it.
 */
final class HubClient implements AutoCloseable {
    private static final Set<Integer> MOVED = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_MOVES = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HubEndpoint hub;
    private final String model;
    private final String revision;
    private final HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE).build();

    HubClient(HubEndpoint hub, String model, String revision) {
        this.hub = hub;
        this.model = model;
        this.revision = revision;
    }

    /** The hub is busy or broken: asking again may help. */
    static final class Busy extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Duration wait;

        Busy(int status, Duration wait) {
            super("the hub answers " + status);
            this.wait = wait;
        }

        /** How long the hub asks to be left alone; zero where it does not say. */
        Duration wished() {
            return wait;
        }
    }

    /**
     * What came for a request.
     *
     * @param status 200 with all of it, 206 from the byte that was asked for, or 416 where there is no such byte
     * @param rangeStart the first byte of the body
     * @param tag how the hub names the content, as hex; empty where it does not
     * @param size of the whole file, or −1
     */
    record Answer(int status, long rangeStart, String tag, long size, InputStream body) {}

    /** What the hub knows of the model. */
    HubListing listing() throws IOException {
        try (InputStream body = get(hub.listing(model, revision), 0).body()) {
            return HubListing.read(body.readAllBytes(), model);
        }
    }

    /**
     * A file from a place on.
     *
     * @param from the first byte wanted
     */
    Answer file(String commit, String path, long from) throws IOException {
        return get(hub.file(model, commit.isEmpty() ? revision : commit, path), from);
    }

    private Answer get(URI first, long from) throws IOException {
        URI address = first;
        String tag = "";
        long size = -1;
        for (int moves = 0; moves <= MOST_MOVES; moves++) {
            HttpResponse<InputStream> response = once(address, from);
            HttpHeaders headers = response.headers();
            tag = tag.isEmpty() ? headers.firstValue("x-linked-etag").orElse("") : tag;
            size = size < 0 ? headers.firstValueAsLong("x-linked-size").orElse(-1) : size;
            if (!MOVED.contains(response.statusCode())) {
                return answer(accepted(response), tag, size);
            }
            response.body().close();
            address = address.resolve(headers.firstValue("location")
                    .orElseThrow(() -> new EngineException(hub + " sends elsewhere without saying where.")));
        }
        throw new EngineException(hub + " sends from one address to the next without end.");
    }

    private static Answer answer(HttpResponse<InputStream> response, String linked, long size) {
        HttpHeaders headers = response.headers();
        String tag = linked.isEmpty() ? headers.firstValue("etag").orElse("") : linked;
        String hex = tag.replaceAll("^(W/)?\"|\"$", "");
        String[] range = headers.firstValue("content-range").orElse("").split("[ /-]");
        long start = range.length > 1 && range[1].matches("\\d{1,18}") ? Long.parseLong(range[1]) : -1;
        long length = headers.firstValueAsLong("content-length").orElse(-1);
        return new Answer(response.statusCode(), start, hex.matches("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}") ? hex : "",
                size >= 0 ? size : response.statusCode() == 200 ? length : -1, response.body());
    }

    private HttpResponse<InputStream> once(URI address, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE).header("User-Agent", "attune");
        boolean own = address.getScheme().equals(hub.address().getScheme())
                && address.getAuthority().equals(hub.address().getAuthority());
        if (own && !hub.token().isEmpty()) {
            request.header("Authorization", "Bearer " + hub.token());
        }
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            if (e.getCause() instanceof UnresolvedAddressException) {
                throw new UnknownHostException("there is no host " + address.getHost());
            }
            throw new ConnectException("no connection to " + address.getAuthority());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("The download was interrupted; ask again to go on with it.", e);
        }
    }

    private HttpResponse<InputStream> accepted(HttpResponse<InputStream> response) throws IOException {
        int status = response.statusCode();
        if (status == 200 || status == 206 || status == 416) {
            return response;
        }
        response.body().close();
        if (status == 408 || status == 429 || status >= 500) {
            throw new Busy(status, response.headers().firstValue("retry-after").filter(text -> text.matches("\\d{1,4}"))
                    .map(text -> Duration.ofSeconds(Long.parseLong(text))).orElse(Duration.ZERO));
        }
        throw new EngineException(refusal(status, response.headers().firstValue("x-error-code").orElse("")));
    }

    private String refusal(int status, String code) {
        boolean named = !hub.token().isEmpty();
        if (code.equals("GatedRepo") || status == 403) {
            return model + " is gated: accept its licence at " + hub.page(model)
                    + (named ? " with the account of HF_TOKEN." : " and set HF_TOKEN to a token of that account.");
        }
        if (code.equals("RevisionNotFound")) {
            return model + " has no revision " + revision + " at " + hub + "; leave --revision out for the newest.";
        }
        if (status == 404 || code.equals("RepoNotFound")) {
            return "There is no model " + model + " at " + hub + (named
                    ? "; see that the name is right and HF_TOKEN may read it."
                    : "; see that the name is right, or set HF_TOKEN if it is a private one.");
        }
        if (status == 401) {
            return named
                    ? hub + " does not accept HF_TOKEN; set it to a token that is valid."
                    : model + " needs an account: set HF_TOKEN to a token that may read it.";
        }
        return hub + " answers " + status + " to a request for " + model + "; see that HF_ENDPOINT is the address of a"
                + " hub.";
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
