package dev.attune.server.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with an error. Never 409: every SDK would send the request again.
 */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ApiError error;
    private final transient Map<String, String> headers;

    public ApiException(int status, ApiError error) {
        this(status, error, Map.of());
    }

    /** @param headers that the answer carries besides its body */
    public ApiException(int status, ApiError error, Map<String, String> headers) {
        super(error.message(), null, false, false);
        this.status = status;
        this.error = error;
        this.headers = Map.copyOf(headers);
    }

    /** 429: come again after some seconds. */
    public static ApiException tooMany(String message, String code, long retrySeconds) {
        return new ApiException(429, new ApiError(message, "rate_limit_error", null, code),
                Map.of("Retry-After", Long.toString(retrySeconds)));
    }

    public Map<String, String> headers() {
        return headers;
    }

    public static ApiException badRequest(String message, @Nullable String param) {
        return new ApiException(400, ApiError.invalidRequest(message, param, null));
    }

    public static ApiException badRequest(String message, @Nullable String param, String code) {
        return new ApiException(400, ApiError.invalidRequest(message, param, code));
    }

    public static ApiException notFound(String message, @Nullable String param, @Nullable String code) {
        return new ApiException(404, ApiError.invalidRequest(message, param, code));
    }

    public int status() {
        return status;
    }

    public ApiError error() {
        return error;
    }
}
