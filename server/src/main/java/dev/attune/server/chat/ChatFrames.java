package dev.attune.server.chat;

import dev.attune.server.protocol.Json;
import dev.attune.server.protocol.Response;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the frames of one streamed answer, in OpenAI's order. Not thread-safe. */
final class ChatFrames {
    private static final String OBJECT = "chat.completion.chunk";

    private final AnswerHead head;
    private final boolean includeUsage;
    private final boolean tellsLogprobs;
    private final TokenWriter writer;
    private final Response.EventSink sink;

    ChatFrames(AnswerHead head, boolean includeUsage, boolean tellsLogprobs, TokenWriter writer,
            Response.EventSink sink) {
        this.head = head;
        this.includeUsage = includeUsage;
        this.tellsLogprobs = tellsLogprobs;
        this.writer = writer;
        this.sink = sink;
    }

    /** The first frame of a choice. */
    void role(int choice) throws IOException {
        send(choice, new ChatWire.Delta("assistant", "", null), null, null);
    }

    void news(int choice, Reply.News news) throws IOException {
        switch (news) {
            case Reply.News.Text text -> send(choice, ChatWire.Delta.text(text.text()), tellsLogprobs
                    ? new ChatWire.Logprobs(writer.write(text.tokens()), null)
                    : null, null);
            case Reply.News.Begun(int index, Reply.Call call) -> send(choice,
                    ChatWire.Delta.call(new ChatWire.ToolCallDelta(index, call.id(), "function",
                            new ChatWire.FunctionDelta(call.name(), ""))),
                    null, null);
            case Reply.News.More(int index, String arguments) -> send(choice,
                    ChatWire.Delta.call(new ChatWire.ToolCallDelta(index, null, null,
                            new ChatWire.FunctionDelta(null, arguments))),
                    null, null);
        }
    }

    /** The last frame of a choice. */
    void finish(int choice, String reason) throws IOException {
        send(choice, new ChatWire.Delta(null, null, null), null, reason);
    }

    /** The last frames of all. */
    void end(ChatWire.Usage usage) throws IOException {
        if (includeUsage) {
            send(List.of(), usage);
        }
        sink.send("[DONE]");
    }

    private void send(int choice, ChatWire.Delta delta, ChatWire.@Nullable Logprobs logprobs, @Nullable String finish)
            throws IOException {
        send(List.of(new ChatWire.ChunkChoice(choice, delta, logprobs, finish)), null);
    }

    private void send(List<ChatWire.ChunkChoice> choices, ChatWire.@Nullable Usage usage) throws IOException {
        sink.send(Json.text(includeUsage
                ? new ChatWire.ChunkWithUsage(head.id(), OBJECT, head.created(), head.model(), "default",
                        head.fingerprint(), choices, usage)
                : new ChatWire.Chunk(head.id(), OBJECT, head.created(), head.model(), "default", head.fingerprint(),
                        choices)));
    }
}
