package dev.attune.server.webhooks;

import dev.attune.server.protocol.Json;
import dev.attune.server.store.Database;
import dev.attune.server.store.Times;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an address how jobs and batches end. An event is told until the address answers 2xx, or 410 because it wants to
 * hear no more of it; after {@value #MOST_ATTEMPTS} attempts, spread over a day, it is given up. The same event can arrive
 * twice, with the same {@code webhook-id}.
 */
public final class Webhooks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
    private static final int MOST_ATTEMPTS = 10;
    private static final int GONE = 410;
    private static final long LOOK_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final WebhookEvents events;
    private final URI address;
    private final WebhookSignature signature;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Thread thread = Thread.ofPlatform().daemon().name("attune-webhook").unstarted(this::loop);
    private volatile boolean closed;

    public Webhooks(Database database, URI address, String secret) {
        this.events = new WebhookEvents(database, address.toString());
        this.address = address;
        this.signature = new WebhookSignature(secret);
    }

    public void start() {
        thread.start();
    }

    /** Stops; what was not told is told after the next start. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }

    private void loop() {
        while (!closed) {
            try {
                events.gather();
                for (WebhookEvents.Event event : events.due()) {
                    tell(event);
                }
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    log.error("the webhook cannot be told; it is tried again", e);
                }
            }
        }
    }

    private void tell(WebhookEvents.Event event) throws InterruptedException {
        int status = send(event);
        if (status / 100 == 2 || status == GONE) {
            events.end(event);
        } else if (event.attempts() + 1 >= MOST_ATTEMPTS) {
            log.warn("the webhook {} did not take {} in {} attempts; it is given up", address, event.id(),
                    MOST_ATTEMPTS);
            events.end(event);
        } else {
            // 1 s, 4 s, 16 s … 18 h.
            events.again(event, 1L << (2 * event.attempts()));
        }
    }

    /** The status of the answer; 0 where there was none. */
    private int send(WebhookEvents.Event event) throws InterruptedException {
        String body = Json.text(event.wire());
        long now = Times.nowSeconds();
        HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE)
                .header("Content-Type", "application/json").header("User-Agent", "Attune")
                .header("webhook-id", event.id()).header("webhook-timestamp", Long.toString(now))
                .header("webhook-signature", signature.of(event.id(), now, body)).POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
            return answer.statusCode();
        } catch (IOException e) {
            log.info("the webhook {} could not be reached: {}", address, e.toString());
            return 0;
        }
    }
}
