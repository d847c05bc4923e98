package dev.attune.server.protocol;

import org.jspecify.annotations.Nullable;

/** The body of an error on the wire, with all four keys always present. */
public record ApiError(String message, String type, @Nullable String param, @Nullable String code) {

    public static ApiError invalidRequest(String message, @Nullable String param, @Nullable String code) {
        return new ApiError(message, "invalid_request_error", param, code);
    }

    /** The envelope: {@code {"error":{…}}}. */
    record Envelope(ApiError error) {}

    public Envelope envelope() {
        return new Envelope(this);
    }
}
