package dev.attune.server.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A request, freed of the HTTP library that received it. Belongs to the thread that handles it. */
public interface Request {
    /** What {@code x-request-id} says. */
    String id();

    /** A decoded part of the path, as the route names it. */
    String part(String name);

    /** Query parameters, decoded; a name can have several values. */
    Map<String, List<String>> query();

    /** A header, or the empty string. */
    String header(String name);

    /** How many bytes the body has, or −1 where the client does not say. */
    long contentLength();

    /** The body, unread. */
    InputStream body();

    /** Watches whether the client hangs up, from here until the watch is closed; the body has been read by then. */
    default ClientWatch watchClient() {
        return ClientWatch.NONE;
    }

    /** The last value of a query parameter, or the empty string. */
    default String query(String name) {
        List<String> values = query().getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getLast();
    }

    /**
     * How many items a list is asked for: at most {@code max}, also where more is asked for.
     *
     * @throws ApiException 400 where it is not a whole number above 0
     */
    default int limit(int otherwise, int max) {
        String limit = query("limit");
        if (limit.isEmpty()) {
            return otherwise;
        }
        try {
            long wanted = Long.parseLong(limit);
            if (wanted >= 1) {
                return (int) Math.min(wanted, max);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw ApiException.badRequest("Invalid 'limit': expected a whole number from 1 to " + max + ", but got '"
                + limit + "' instead.", "limit");
    }

    /**
     * The whole body.
     *
     * @throws ApiException 413 where it has more than {@code max} bytes
     */
    default byte[] bodyBytes(int max) throws IOException {
        if (contentLength() <= max) {
            byte[] bytes = body().readNBytes(max + 1);
            if (bytes.length <= max) {
                return bytes;
            }
        }
        throw new ApiException(413, ApiError.invalidRequest(
                "The body of the request is larger than " + max + " bytes, which is all that is read here.", null,
                "request_too_large"));
    }

    /** The JSON object in the body. */
    default Fields fields(int maxBytes) throws IOException {
        return Fields.of(bodyBytes(maxBytes));
    }
}
