package dev.attune.server.access;

import dev.attune.server.protocol.ApiException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How often each key may come: a bucket that holds as many requests as the period allows and fills evenly (token bucket).
 * Thread-safe.
 */
final class RateLimit {
    private static final int MOST_KEYS = 10_000;

    private final int most;
    private final long periodNanos;
    private final LongSupplier clock;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param most requests in a period; 0 for no limit */
    RateLimit(int most, Duration period) {
        this(most, period, System::nanoTime);
    }

    RateLimit(int most, Duration period, LongSupplier clock) {
        this.most = most;
        this.periodNanos = period.toNanos();
        this.clock = clock;
    }

    private record Bucket(double left, long at) {}

    /**
     * What a key may still do.
     *
     * @param limit requests in a period; 0 for no limit
     * @param reset until all are left again
     */
    public record Standing(int limit, int remaining, Duration reset) {
        static final Standing FREE = new Standing(0, 0, Duration.ZERO);

        /** As headers that clients know. */
        public Map<String, String> headers() {
            return limit == 0
                    ? Map.of()
                    : Map.of("x-ratelimit-limit-requests", Integer.toString(limit), "x-ratelimit-remaining-requests",
                            Integer.toString(remaining), "x-ratelimit-reset-requests", reset.toMillis() + "ms");
        }
    }

    /**
     * Takes one request off what a key may do.
     *
     * @throws ApiException 429 where nothing is left
     */
    Standing take(String key) {
        if (most == 0) {
            return Standing.FREE;
        }
        if (buckets.size() > MOST_KEYS) {
            buckets.clear();
        }
        long now = clock.getAsLong();
        double each = (double) periodNanos / most;
        Bucket after = buckets.compute(key, (name, before) -> {
            double filled = before == null ? most : Math.min(most, before.left() + (now - before.at()) / each);
            return new Bucket(filled >= 1 ? filled - 1 : filled - most - 2, now);
        });
        if (after.left() < 0) {
            double left = after.left() + most + 2;
            buckets.put(key, new Bucket(left, now));
            long seconds = Math.max(1, (long) Math.ceil((1 - left) * each / 1e9));
            throw ApiException.tooMany("Rate limit reached for requests: this key may send " + most
                    + " in a minute; try again in " + seconds + " s.", "rate_limit_exceeded", seconds);
        }
        return new Standing(most, (int) after.left(), Duration.ofNanos((long) ((most - after.left()) * each)));
    }
}
