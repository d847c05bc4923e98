package dev.attune.server.files;

import dev.attune.server.protocol.ApiException;
import dev.attune.server.protocol.Fields;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of a file however it arrives: its purpose, its name, and how long it lives. */
public final class FileRules {
    /** The most bytes of a file that arrives in one piece. */
    public static final long MAX_FILE_BYTES = 512L * 1024 * 1024;
    /** How long a file of requests lives where nobody says. */
    private static final long BATCH_SECONDS = 30L * 24 * 3600;
    private static final long SHORTEST_LIFE = 3600;
    private static final long LONGEST_LIFE = 2_592_000;
    private static final Set<String> PURPOSES = Set.of("assistants", "batch", "fine-tune", "vision", "user_data",
            "evals");

    private FileRules() {}

    /**
     * @return the purpose
     * @throws ApiException 400 where it is absent or not one that files can be uploaded for
     */
    static String purpose(String purpose) {
        if (purpose.isEmpty()) {
            throw ApiException.badRequest("'purpose' is a required property", "purpose", "missing_required_parameter");
        }
        if (!PURPOSES.contains(purpose)) {
            throw ApiException.badRequest("'" + purpose + "' is not one of "
                    + PURPOSES.stream().sorted().map(p -> "'" + p + "'").toList() + " - 'purpose'", "purpose");
        }
        return purpose;
    }

    /** How long a file lives, from the parts of a multipart body; null for always. */
    public static @Nullable Long secondsToLive(Map<String, String> fields, String purpose) {
        String seconds = fields.getOrDefault("expires_after[seconds]", "");
        String anchor = fields.getOrDefault("expires_after[anchor]", "");
        if (seconds.isEmpty() && anchor.isEmpty()) {
            return otherwise(purpose);
        }
        requireAnchor(anchor, "expires_after[anchor]");
        return seconds(seconds.matches("\\d{4,7}") ? Long.parseLong(seconds) : -1, seconds, "expires_after[seconds]");
    }

    /** How long a file lives, from an object under a key of a body; null for always. */
    public static @Nullable Long secondsToLive(Fields body, String key, String purpose) {
        if (!body.has(key)) {
            return otherwise(purpose);
        }
        Fields expiry = body.object(key);
        expiry.refuseExtra(Set.of("anchor", "seconds"));
        requireAnchor(expiry.required("anchor"), expiry.at() + "anchor");
        long seconds = expiry.integer("seconds", Long.MIN_VALUE, Long.MAX_VALUE, -1);
        return seconds(seconds, Long.toString(seconds), expiry.at() + "seconds");
    }

    /** The last name of a path, of either kind of system, without what could not stand in a header or a listing. */
    static String basename(String filename) {
        String name = filename.substring(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
        return name.replaceAll("\\p{Cntrl}", "").strip();
    }

    private static @Nullable Long otherwise(String purpose) {
        return purpose.equals("batch") ? BATCH_SECONDS : null;
    }

    private static void requireAnchor(String anchor, String param) {
        if (!anchor.equals("created_at")) {
            throw ApiException.badRequest("'" + param + "' must be 'created_at'", param);
        }
    }

    private static long seconds(long seconds, String shown, String param) {
        if (seconds < SHORTEST_LIFE || seconds > LONGEST_LIFE) {
            throw ApiException.badRequest("'" + param + "' must be a whole number from " + SHORTEST_LIFE + " to "
                    + LONGEST_LIFE + ", not '" + shown + "'", param);
        }
        return seconds;
    }
}
