package dev.attune.server.protocol;

import dev.attune.server.store.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * By what a create that comes a second time is known. A client whose answer was lost sends the same request again; it must
 * find the job that it made, not make another. OpenAI's SDKs count their own retries in {@code x-stainless-retry-count};
 * other clients can send an {@code Idempotency-Key}.
 *
 * @param key the {@code Idempotency-Key}, or null
 * @param bodyHash SHA-256 of the body in hex
 * @param retry whether the client says that it sends this again
 */
public record CreateKey(@Nullable String key, String bodyHash, boolean retry) {
    /** How long an SDK goes on trying, with its longest timeout of ten minutes for each attempt. */
    public static final long RETRY_SECONDS = 3_600;
    private static final int LONGEST_KEY = 255;

    /** What is answered where the key came with another request before. */
    public ApiException usedForAnother() {
        return ApiException.badRequest("The Idempotency-Key '" + key + "' was used for another request; use a new one.",
                "Idempotency-Key");
    }

    /** @throws ApiException 400 where the key is too long */
    public static CreateKey of(Request request, byte[] body) {
        String key = request.header("Idempotency-Key");
        if (key.length() > LONGEST_KEY) {
            throw ApiException.badRequest("The Idempotency-Key has " + key.length() + " characters; use at most "
                    + LONGEST_KEY + ".", "Idempotency-Key");
        }
        String count = request.header("x-stainless-retry-count");
        return new CreateKey(key.isEmpty() ? null : own(key), HexFormat.of().formatHex(hash(body)),
                !count.isEmpty() && !count.equals("0"));
    }

    /** Keys of two organizations have nothing to do with one another. */
    private static String own(String key) {
        String organization = Caller.now().organization();
        return organization.isEmpty() ? key : organization + "/" + key;
    }

    private static byte[] hash(byte[] body) {
        MessageDigest digest = Hash.sha256();
        digest.update(Caller.now().organization().getBytes(StandardCharsets.UTF_8));
        return digest.digest(body);
    }
}
