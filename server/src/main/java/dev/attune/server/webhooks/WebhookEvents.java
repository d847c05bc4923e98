package dev.attune.server.webhooks;

import dev.attune.server.store.Database;
import dev.attune.server.store.Ids;
import dev.attune.server.store.Times;
import java.util.LinkedHashMap;
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
    /** No event waits longer for its next turn; one that seems to was put off before the clock was set back. */
    private static final long LONGEST_WAIT_SECONDS = 86_400;
    private static final String JOB_ENDS = "select id, 'fine_tuning.job.' || status as type, finished_at as ended"
            + " from jobs where finished_at >= :since and not exists (select 1 from webhook_events e where"
            + " e.subject = jobs.id)";
    private static final String BATCH_ENDS = "select id, 'batch.' || status as type, coalesce(completed_at, failed_at,"
            + " expired_at, cancelled_at) as ended from batches where coalesce(completed_at, failed_at, expired_at,"
            + " cancelled_at) >= :since and not exists (select 1 from webhook_events e where e.subject = batches.id)";

    private final Database database;
    /** Falls with the clock where that is set back, so that an end is found whatever the time is taken to be. */
    private long from;

    /** @param url what has ended before this address was first given is never told */
    WebhookEvents(Database database, String url) {
        this.database = database;
        database.write(handle -> {
            int added = handle.execute(
                    "insert into webhook_addresses (url, since) values (?, ?) on conflict do nothing",
                    url, Times.nowSeconds());
            if (added == 1) {
                passOver(handle);
            }
            return added;
        });
    }

    /** What has ended so far needs no telling. */
    private static void passOver(Handle handle) {
        long now = Times.nowSeconds();
        ended(handle, 0).forEach((subject, type) -> {
            add(handle, subject, type, now);
            handle.execute("update webhook_events set ended_at = ? where subject = ?", now, subject);
        });
    }

    /** The jobs and batches that have ended since a time and have no event, and how. */
    private static Map<String, String> ended(Handle handle, long since) {
        Map<String, String> ended = new LinkedHashMap<>();
        for (String ends : List.of(JOB_ENDS, BATCH_ENDS)) {
            handle.createQuery(ends + " order by ended").bind("since", since)
                    .map((row, context) -> Map.entry(row.getString("id"), row.getString("type")))
                    .forEach(end -> ended.put(end.getKey(), end.getValue()));
        }
        return ended;
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
            Map<String, String> ended = ended(handle, since);
            ended.forEach((subject, type) -> add(handle, subject, type, now));
            return ended.size();
        });
        from = now - LOOK_BACK_SECONDS;
    }

    private static void add(Handle handle, String subject, String type, long now) {
        handle.execute("insert into webhook_events (id, created_at, type, subject, next_at) values (?, ?, ?, ?, ?)"
                + " on conflict do nothing", Ids.next("evt_"), now, type, subject, now);
    }

    /** Those whose turn it is, oldest first. */
    List<Event> due() {
        return database.read(handle -> handle.createQuery("select * from webhook_events where ended_at is null and"
                + " (next_at <= :now or next_at > :now + :longest) order by seq limit 20")
                .bind("now", Times.nowSeconds())
                .bind("longest", LONGEST_WAIT_SECONDS)
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
