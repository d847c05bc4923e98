package dev.attune.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The key that every request must carry; the empty key lets everyone in. */
record ApiKey(String value) {

    /**
     * Lets a request pass.
     *
     * @throws ApiException 401 where its bearer token is not the key
     */
    void check(Request request) {
        if (value.isEmpty()) {
            return;
        }
        String header = request.header("Authorization");
        if (header.isBlank()) {
            throw unauthorized("You didn't provide an API key. You need to provide your API key in an Authorization"
                    + " header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).", null);
        }
        String token = header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7).strip() : "";
        if (!MessageDigest.isEqual(digest(token), digest(value))) {
            throw unauthorized("Incorrect API key provided. Use the key that this server was started with.",
                    "invalid_api_key");
        }
    }

    @Override
    public String toString() {
        return "ApiKey[not shown]";
    }

    private static byte[] digest(String text) {
        return Hash.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ApiException unauthorized(String message, @org.jspecify.annotations.Nullable String code) {
        return new ApiException(401, ApiError.invalidRequest(message, null, code));
    }
}
