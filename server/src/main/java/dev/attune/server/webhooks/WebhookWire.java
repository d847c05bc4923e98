package dev.attune.server.webhooks;

import dev.attune.server.protocol.Wire;

/** What a webhook is told, key for key. */
interface WebhookWire extends Wire {
    /** What a webhook is told. */
    record WebhookEvent(String id, String object, long createdAt, String type,
            WebhookSubject data) implements WebhookWire {}

    /** Of which job or batch. */
    record WebhookSubject(String id) implements WebhookWire {}
}
