package dev.attune.server.models;

import dev.attune.server.protocol.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What models and the permissions to use them write, key for key. */
interface ModelWire extends Wire {
    /** That a project may use a checkpoint. */
    record Permission(String id, String object, long createdAt, String projectId) implements ModelWire {}

    /** A model; {@code shutdown_date} is null because a model of one's own is never shut down. */
    record Model(String id, String object, long created, String ownedBy, @Nullable String shutdownDate)
            implements
                ModelWire {}

    /** All models. */
    record ModelList(String object, List<Model> data) implements ModelWire {}
}
