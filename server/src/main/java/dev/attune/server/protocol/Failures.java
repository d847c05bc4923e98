package dev.attune.server.protocol;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure inside the server becomes on the wire: never a stack trace, always a sentence. */
public final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** The answer to a request that failed; what the caller cannot mend is logged under the request's id. */
    public static ApiException answer(Throwable failure, String requestId) {
        if (failure instanceof ApiException api) {
            return api;
        }
        if (failure instanceof IOException && failure.getCause() instanceof TimeoutException) {
            return new ApiException(408, ApiError.invalidRequest(
                    "The body of the request did not come to its end in time; send it again.", null,
                    "request_timeout"));
        }
        log.error("request {} failed", requestId, failure);
        if (isDiskFull(failure)) {
            return new ApiException(507,
                    new ApiError("The server's disk is full, so nothing was stored; free some space in its home and"
                            + " send the request again.", "server_error", null, "disk_full"));
        }
        return new ApiException(500,
                new ApiError("The server had an error while processing your request; its log says more under "
                        + requestId + ".", "server_error", null, null));
    }

    /** Whether a failure comes from a disk without room. */
    public static boolean isDiskFull(Throwable failure) {
        for (@Nullable
        Throwable at = failure; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage());
            boolean full = at instanceof IOException
                    && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
            if (full || message.contains("SQLITE_FULL")) {
                return true;
            }
        }
        return false;
    }
}
