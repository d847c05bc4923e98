package dev.attune.server.http;

import dev.attune.server.operating.Metrics;
import dev.attune.server.protocol.Caller;
import dev.attune.server.protocol.Route;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that are being answered: one line in the log for each, counted, and waited for when the server stops.
 * Thread-safe.
 */
final class Traffic {
    private static final Logger log = LoggerFactory.getLogger("dev.attune.server.requests");
    private static final long GLANCE_MILLIS = 20;
    private static final int LONGEST_PATH = 200;
    private static final Pattern HARMFUL = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\s\"=]");

    private final Metrics metrics;
    private final AtomicBoolean stopping;
    private final Duration patience;
    private final AtomicInteger inside = new AtomicInteger();

    Traffic(Metrics metrics, AtomicBoolean stopping, Duration patience) {
        this.metrics = metrics;
        this.stopping = stopping;
        this.patience = patience;
    }

    /** A request on its way through the server. */
    final class Passage {
        private final String id;
        private final Route route;
        private final String path;
        private final long began = System.nanoTime();
        private Caller caller = Caller.ANYONE;

        private Passage(String id, Route route, String path) {
            this.id = id;
            this.route = route;
            this.path = path;
        }

        void by(Caller admitted) {
            caller = admitted;
        }

        void leave(int status) {
            inside.decrementAndGet();
            long nanos = System.nanoTime() - began;
            metrics.answered(route.method(), route.path(), status, nanos);
            if (log.isInfoEnabled()) {
                log.info("request={} method={} path={} status={} ms={} key={}", id, route.method(), harmless(path),
                        status, nanos / 1_000_000, caller.key().isEmpty() ? "-" : caller.key());
            }
        }
    }

    Passage enter(String id, Route route, String path) {
        inside.incrementAndGet();
        return new Passage(id, route, path);
    }

    /** Lets what is inside leave, for a time; from now on the server says that it is not ready. */
    void drain() {
        stopping.set(true);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (inside.get() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(GLANCE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A path as it can stand in a line of a log: nothing that breaks the line or looks like another field. */
    static String harmless(String path) {
        String start = path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) + "…" : path;
        return HARMFUL.matcher(start).replaceAll("_");
    }
}
