package dev.attune.server;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the frames of one streamed answer, in OpenAI's order. Not thread-safe. */
final class ChatFrames {
    private final String id;
    private final long created;
    private final String model;
    private final boolean includeUsage;
    private final Response.EventSink sink;

    ChatFrames(String id, long created, String model, boolean includeUsage, Response.EventSink sink) {
        this.id = id;
        this.created = created;
        this.model = model;
        this.includeUsage = includeUsage;
        this.sink = sink;
    }

    /** The first frame of a choice. */
    void role(int choice) throws IOException {
        send(new Wire.ChunkChoice(choice, new Wire.Delta("assistant", ""), null, null));
    }

    void text(int choice, String delta) throws IOException {
        send(new Wire.ChunkChoice(choice, new Wire.Delta(null, delta), null, null));
    }

    /** The last frame of a choice. */
    void finish(int choice, String reason) throws IOException {
        send(new Wire.ChunkChoice(choice, new Wire.Delta(null, null), null, reason));
    }

    /** The last frames of all. */
    void end(Wire.Usage usage) throws IOException {
        if (includeUsage) {
            send(List.of(), usage);
        }
        sink.send("[DONE]");
    }

    private void send(Wire.ChunkChoice choice) throws IOException {
        send(List.of(choice), null);
    }

    private void send(List<Wire.ChunkChoice> choices, Wire.@Nullable Usage usage) throws IOException {
        String object = "chat.completion.chunk";
        sink.send(Json.text(includeUsage
                ? new Wire.ChunkWithUsage(id, object, created, model, choices, usage)
                : new Wire.Chunk(id, object, created, model, choices)));
    }
}
