package dev.attune.cli;

import dev.attune.server.operating.ServerLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What a server takes upon itself at most, as flags. */
final class LimitOptions {
    @Option(names = "--requests-per-minute", paramLabel = "N", defaultValue = "0", description = "Most requests of one key in a minute; 0 for no limit (default).")
    int requestsPerMinute;
    @Option(names = "--queue", paramLabel = "N", defaultValue = "1024", description = "Most answers that wait for their turn (default: 1024).")
    int queue = 1024;
    @Option(names = "--connections", paramLabel = "N", defaultValue = "4096", description = "Most clients at a time (default: 4096).")
    int connections = 4096;
    @Option(names = "--header-bytes", paramLabel = "N", defaultValue = "16384", description = "Most bytes of a request's headers (default: 16384).")
    int headerBytes = 16384;
    @Option(names = "--idle-seconds", paramLabel = "N", defaultValue = "120", description = "How long a connection may stand still (default: 120).")
    int idleSeconds = 120;
    @Option(names = "--header-seconds", paramLabel = "N", defaultValue = "20", description = "How long the first request of a connection may take to come (default: 20).")
    int headerSeconds = 20;
    @Option(names = "--stop-seconds", paramLabel = "N", defaultValue = "10", description = "How long answers may go on when the server stops (default: 10).")
    int stopSeconds = 10;
    @Option(names = "--stored-days", paramLabel = "N", defaultValue = "30", description = "How long stored completions are kept; 0 for ever (default: 30).")
    int storedDays = 30;

    ServerLimits limits() {
        return new ServerLimits(requestsPerMinute, queue, connections, headerBytes, Duration.ofSeconds(idleSeconds),
                Duration.ofSeconds(headerSeconds), Duration.ofSeconds(stopSeconds), Duration.ofDays(storedDays));
    }
}
