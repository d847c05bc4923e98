package dev.attune.server.protocol;

import java.io.IOException;
import java.nio.file.Path;

/** What an endpoint answers. */
public sealed interface Response {

    /** A JSON body with status 200. */
    record Body(Wire value) implements Response {}

    /** Plain text with status 200. */
    record Text(String contentType, String text) implements Response {}

    /** The bytes of a file. */
    record Content(Path file, String contentType, String filename) implements Response {}

    /** Server-sent events, written while they happen. */
    record Events(EventSource source) implements Response {}

    /** What writes the events of one answer, until it returns. */
    interface EventSource {
        /** Throws {@link IOException} where the client has gone. */
        void writeTo(EventSink sink) throws IOException;
    }

    /** Where the events go. */
    interface EventSink {
        /** Writes one {@code data:} frame and flushes it; the text holds no line break. */
        void send(String data) throws IOException;

        /** Writes a comment, which clients read over, and flushes it. */
        void comment(String text) throws IOException;
    }

    static Response of(Wire value) {
        return new Body(value);
    }
}
