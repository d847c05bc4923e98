package dev.attune.server;

import java.time.Instant;

/** The wire's clock: whole seconds since 1970. */
final class Times {
    private Times() {}

    static long nowSeconds() {
        return Instant.now().getEpochSecond();
    }
}
