package dev.attune.server;

import java.io.IOException;

/**
 * A method and a path, and what answers them.
 *
 * @param path with the parts that vary in braces: {@code /v1/files/{file}}
 */
record Route(String method, String path, Endpoint endpoint) {

    /** What answers a request. */
    interface Endpoint {
        Response handle(Request request) throws IOException;
    }

    static Route get(String path, Endpoint endpoint) {
        return new Route("GET", path, endpoint);
    }

    static Route post(String path, Endpoint endpoint) {
        return new Route("POST", path, endpoint);
    }

    static Route delete(String path, Endpoint endpoint) {
        return new Route("DELETE", path, endpoint);
    }
}
