package dev.attune.evals.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Models that have stopped answering. Where many requests in a row fail, for a while and with no answer between, asking on
 * costs hours and says nothing; the same where a server refuses many in a row with the same words, as it does with a wrong key
 * or name. One answer, and the count begins anew. Thread-safe.
 */
final class Outage {
    static final int IN_A_ROW = 24;
    static final Duration AT_LEAST = Duration.ofMinutes(1);

    private static final class Row {
        private int failed;
        private int refused;
        private String refusal = "";
        private long since;
    }

    private final Clock clock;
    private final Map<String, Row> rows = new HashMap<>();

    Outage(Clock clock) {
        this.clock = clock;
    }

    synchronized void answered(ChatModel model) {
        rows.remove(key(model));
    }

    /** A request failed as it may when a server is not well. */
    synchronized void failed(ChatModel model) {
        Row row = rows.computeIfAbsent(key(model), k -> new Row());
        if (row.failed++ == 0) {
            row.since = clock.nanos();
        }
    }

    /** A request was refused for good. */
    synchronized void refused(ChatModel model, String reason) {
        Row row = rows.computeIfAbsent(key(model), k -> new Row());
        row.refused = row.refusal.equals(reason) ? row.refused + 1 : 1;
        row.refusal = reason;
    }

    /** Why the model is not asked any more; nothing while it is. */
    synchronized Optional<String> of(ChatModel model) {
        Row row = rows.get(key(model));
        if (row == null) {
            return Optional.empty();
        }
        if (row.refused >= IN_A_ROW) {
            return Optional.of("given up, as " + row.refused + " requests in a row were refused: " + row.refusal);
        }
        long nanos = row.failed == 0 ? 0 : clock.nanos() - row.since;
        return row.failed >= IN_A_ROW && nanos >= AT_LEAST.toNanos()
                ? Optional.of("given up, as " + row.failed + " requests in a row failed, for "
                        + Duration.ofNanos(nanos).toSeconds() + " s")
                : Optional.empty();
    }

    private static String key(ChatModel model) {
        return model.identity() + "\n" + model.name();
    }
}
