package dev.attune.server.operating;

import dev.attune.server.store.ServerException;
import java.time.Duration;

/**
 * What one server takes upon itself at most.
 *
 * @param requestsPerMinute of one key; 0 for no limit
 * @param queue how many generations may wait for their turn
 * @param connections how many clients may be connected
 * @param headerBytes of one request's line and headers
 * @param idle after which a connection on which nothing moves is closed, also where the client reads nothing
 * @param header within which the first request of a connection has to be there
 * @param stop how long a server that stops lets answers come to their end
 * @param storedFor how long stored completions are kept; zero stands for ever
 */
public record ServerLimits(int requestsPerMinute, int queue, int connections, int headerBytes, Duration idle,
        Duration header, Duration stop, Duration storedFor) {
    /** For a team on its own machine. */
    public static final ServerLimits DEFAULT = new ServerLimits(0, 1024, 4096, 16 << 10, Duration.ofSeconds(120),
            Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofDays(30));

    public ServerLimits {
        if (requestsPerMinute < 0 || queue < 0 || connections < 1 || headerBytes < 1024 || idle.isNegative()
                || idle.isZero() || header.isNegative() || header.isZero() || stop.isNegative()
                || storedFor.isNegative()) {
            throw new ServerException("The limits of the server must not be negative; at least one connection, a"
                    + " header of 1024 bytes and times above zero are needed.");
        }
    }
}
