package dev.attune.server.http;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.Json;
import dev.attune.server.store.Ids;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that Jetty finds itself, such as a malformed request line. */
final class JsonErrors extends ErrorHandler {
    @Override
    public boolean handle(org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response,
            Callback callback) {
        int status = response.getStatus();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        // Jetty reads nothing more behind a request that it could not read.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        if (!response.getHeaders().contains(HttpServer.REQUEST_ID)) {
            response.getHeaders().put(HttpServer.REQUEST_ID, Ids.next("req_"));
        }
        String message = status < 500
                ? "The request is not valid HTTP: " + HttpStatus.getMessage(status) + "."
                : "The server had an error while processing your request.";
        var error = new ApiError(message, status < 500 ? "invalid_request_error" : "server_error", null, null);
        Content.Sink.write(response, true, Json.text(error.envelope()), callback);
        return true;
    }
}
