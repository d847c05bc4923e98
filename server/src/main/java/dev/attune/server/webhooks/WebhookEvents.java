package dev.attune.server.webhooks;

import dev.attune.server.store.Database;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Times;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * What a webhook is to be told. Events are made of what the store says has ended, so none is lost where the server dies
 * between an end and its event. Thread-safe.
 */
final class WebhookEvents {
    /** How far back is looked each time, once all from before was looked at. */
    private static final long LOOK_BACK_SECONDS = 300;

    private final Database database;
    private long from;

    /** @param url what has ended before this address was first given is never told */
    WebhookEvents(Database database, String url) {
        this.database = database;
        this.from = database.write(handle -> {
            handle.execute("insert into webhook_addresses (url, since) values (?, ?) on conflict do nothing", url,
                    Times.nowSeconds());
            return handle.createQuery("select since from webhook_addresses where url = ?").bind(0, url)
                    .mapTo(Long.class).one();
        });
    }

    /**
     * An event that is to be told.
     *
     * @param subject the job or batch that has ended
     * @param attempts how often it was tried to tell it
     */
    record Event(String id, long createdAt, String type, String subject, int attempts) {
        WebhookWire.WebhookEvent wire() {
            return new WebhookWire.WebhookEvent(id, "event", createdAt, type, new WebhookWire.WebhookSubject(subject));
        }
    }

    /** Makes an event of each end that has none yet. */
    void gather() {
        long since = from;
        long now = Times.nowSeconds();
        database.write(handle -> {
            Map<String, String> ended = new java.util.LinkedHashMap<>();
            handle.createQuery("select id, status from jobs where finished_at >= :since and not exists"
                    + " (select 1 from webhook_events e where e.subject = jobs.id) order by finished_at")
                    .bind("since", since).map((row, context) -> Map.entry(row.getString("id"),
                            "fine_tuning.job." + row.getString("status")))
                    .forEach(end -> ended.put(end.getKey(), end.getValue()));
            handle.createQuery("select id, status from batches where coalesce(completed_at, failed_at, expired_at,"
                    + " cancelled_at) >= :since and not exists (select 1 from webhook_events e where"
                    + " e.subject = batches.id) order by seq").bind("since", since)
                    .map((row, context) -> Map.entry(row.getString("id"), "batch." + row.getString("status")))
                    .forEach(end -> ended.put(end.getKey(), end.getValue()));
            ended.forEach((subject, type) -> add(handle, subject, type, now));
            return ended.size();
        });
        from = Math.max(from, now - LOOK_BACK_SECONDS);
    }

    private static void add(Handle handle, String subject, String type, long now) {
        handle.execute("insert into webhook_events (id, created_at, type, subject, next_at) values (?, ?, ?, ?, ?)"
                + " on conflict do nothing", Ids.next("evt_"), now, type, subject, now);
    }

    /** Those whose turn it is, oldest first. */
    List<Event> due() {
        return database.read(handle -> handle.createQuery("select * from webhook_events where ended_at is null and"
                + " next_at <= :now order by seq limit 20").bind("now", Times.nowSeconds())
                .map((row, context) -> new Event(row.getString("id"), row.getLong("created_at"),
                        row.getString("type"), row.getString("subject"), row.getInt("attempts")))
                .list());
    }

    /** The event was told, or is given up. */
    void end(Event event) {
        database.write(handle -> handle.execute("update webhook_events set ended_at = ?, attempts = attempts + 1"
                + " where id = ?", Times.nowSeconds(), event.id()));
    }

    /** The event is to be told again later. */
    void again(Event event, long inSeconds) {
        database.write(handle -> handle.execute("update webhook_events set next_at = ?, attempts = attempts + 1"
                + " where id = ?", Times.nowSeconds() + inSeconds, event.id()));
    }
}
