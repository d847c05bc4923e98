package dev.attune.server.protocol;

import java.io.IOException;
import java.util.List;

/**
 * A method and a path, and what answers them.
 *
 * @param path with the parts that vary in braces: {@code /v1/files/{file}}
 * @param role what a caller's key has to allow
 * @param isOpen whether no key is asked for at all
 */
public record Route(String method, String path, Endpoint endpoint, KeyRole role, boolean isOpen) {
    private static final List<String> FOR_USE = List.of("/v1/chat/", "/v1/completions", "/v1/models",
            "/attune/v1/compare");

    /** What answers a request. */
    public interface Endpoint {
        Response handle(Request request) throws IOException;
    }

    public static Route get(String path, Endpoint endpoint) {
        return of("GET", path, endpoint);
    }

    public static Route post(String path, Endpoint endpoint) {
        return of("POST", path, endpoint);
    }

    public static Route delete(String path, Endpoint endpoint) {
        return of("DELETE", path, endpoint);
    }

    /** The same, answered by something else. */
    public Route answeredBy(Endpoint other) {
        return new Route(method, path, other, role, isOpen);
    }

    /** The same at another path. */
    public Route at(String other) {
        return new Route(method, other, endpoint, role, isOpen);
    }

    /** The same for holders of another role. */
    public Route needing(KeyRole other) {
        return new Route(method, path, endpoint, other, false);
    }

    /** The same for everyone, also without a key. */
    public Route open() {
        return new Route(method, path, endpoint, role, true);
    }

    /** Asking models takes less than training them; who may share checkpoints may do everything. */
    private static Route of(String method, String path, Endpoint endpoint) {
        boolean removesModel = method.equals("DELETE") && path.startsWith("/v1/models");
        boolean asks = FOR_USE.stream().anyMatch(path::startsWith) && !removesModel;
        KeyRole role = path.endsWith("/permissions") || path.contains("/permissions/")
                ? KeyRole.ADMIN
                : asks ? KeyRole.USE : KeyRole.TRAIN;
        return new Route(method, path, endpoint, role, false);
    }
}
