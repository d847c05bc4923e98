package dev.attune.server.protocol;

import java.util.Set;

/** Refuses keys that nobody reads: most are a typing error, which would otherwise change the answer in silence. */
public final class UnknownKeys {
    private UnknownKeys() {}

    /**
     * @throws ApiException 400, naming the first key that is not among the known ones and has a value
     */
    public static void refuse(Fields fields, Set<String> known) {
        for (String key : fields.unknown(known)) {
            if (fields.has(key)) {
                throw ApiException.badRequest("Unknown parameter: '" + fields.at() + key + "'.", fields.at() + key,
                        "unknown_parameter");
            }
        }
    }
}
