package dev.attune.server.access;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.KeyRole;
import dev.attune.server.protocol.Request;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: looks at the host that a request names, at its key, at what the key may do, and at how often it came.
 * A server that listens on loopback and has no keys lets everyone on the machine in, but no page of a browser that was
 * brought here under another name. Thread-safe.
 */
public final class Admission {
    private final String masterHash;
    private final KeyStore keys;
    private final boolean local;
    private final RateLimit rate;

    /**
     * @param masterKey a key that may do everything; empty for none
     * @param local whether the server listens on loopback only
     * @param requestsPerMinute of one key; 0 for as many as it likes
     */
    public Admission(String masterKey, KeyStore keys, boolean local, int requestsPerMinute) {
        this.masterHash = masterKey.isEmpty() ? "" : KeyStore.hash(masterKey);
        this.keys = keys;
        this.local = local;
        this.rate = new RateLimit(requestsPerMinute, Duration.ofMinutes(1));
    }

    /**
     * Lets a request pass.
     *
     * @param needed the role that it takes
     * @throws ApiException 401, 403 or 429
     */
    public Admitted check(Request request, KeyRole needed) {
        Caller caller = caller(request);
        if (!caller.role().covers(needed)) {
            throw new ApiException(403, ApiError.invalidRequest("This key has the role '" + caller.role().wire()
                    + "', and this takes the role '" + needed.wire() + "'; use another key.", null,
                    "insufficient_permissions"));
        }
        return new Admitted(caller, rate.take(caller.key()));
    }

    /** A request that may be answered, and what its key may still ask for. */
    public record Admitted(Caller caller, RateLimit.Standing standing) {}

    private Caller caller(Request request) {
        String header = request.header("Authorization");
        String token = header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7).strip() : "";
        boolean open = masterHash.isEmpty() && !keys.isAny();
        if (open) {
            requireOwnHost(request);
            return Caller.ANYONE;
        }
        if (header.isBlank()) {
            throw unauthorized("You didn't provide an API key. You need to provide your API key in an Authorization"
                    + " header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).", null);
        }
        if (!masterHash.isEmpty() && KeyStore.isSame(KeyStore.hash(token), masterHash)) {
            return new Caller("", KeyRole.ADMIN, "master");
        }
        return keys.caller(token).orElseThrow(() -> unauthorized(
                "Incorrect API key provided. Use a key that 'attune keys create' has made, or the one that this server"
                        + " was started with.",
                "invalid_api_key"));
    }

    /** Without a key, the name by which the server was reached is all that tells a stranger's page from a local client. */
    private void requireOwnHost(Request request) {
        if (!local) {
            return;
        }
        String host = request.header("Host");
        if (!host.isEmpty() && !isLocal("http://" + host)) {
            throw forbidden("The Host header names another machine than this one; use localhost or 127.0.0.1.",
                    "host_not_allowed");
        }
        String origin = request.header("Origin");
        if (!origin.isEmpty() && !isLocal(origin)) {
            throw forbidden("Pages of other sites may not use a server without keys; make a key with"
                    + " 'attune keys create'.", "origin_not_allowed");
        }
    }

    static boolean isLocal(String url) {
        try {
            String host = URI.create(url).getHost();
            return host != null && (host.equalsIgnoreCase("localhost") || host.equals("[::1]")
                    || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ApiException forbidden(String message, String code) {
        return new ApiException(403, ApiError.invalidRequest(message, null, code));
    }

    private static ApiException unauthorized(String message, @Nullable String code) {
        return new ApiException(401, ApiError.invalidRequest(message, null, code));
    }
}
