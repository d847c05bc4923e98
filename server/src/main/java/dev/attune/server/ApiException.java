package dev.attune.server;

import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with an error. Never 409: every SDK would send the request again.
 */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ApiError error;

    ApiException(int status, ApiError error) {
        super(error.message(), null, false, false);
        this.status = status;
        this.error = error;
    }

    static ApiException badRequest(String message, @Nullable String param) {
        return new ApiException(400, ApiError.invalidRequest(message, param, null));
    }

    static ApiException badRequest(String message, @Nullable String param, String code) {
        return new ApiException(400, ApiError.invalidRequest(message, param, code));
    }

    static ApiException notFound(String message, @Nullable String param, @Nullable String code) {
        return new ApiException(404, ApiError.invalidRequest(message, param, code));
    }

    int status() {
        return status;
    }

    ApiError error() {
        return error;
    }
}
