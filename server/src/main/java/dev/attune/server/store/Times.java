package dev.attune.server.store;

import java.time.Instant;

/** The wire's clock: whole seconds since 1970. */
public final class Times {
    private Times() {}

    public static long nowSeconds() {
        return Instant.now().getEpochSecond();
    }
}
