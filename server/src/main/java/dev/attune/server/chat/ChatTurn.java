package dev.attune.server.chat;

import dev.attune.server.protocol.Request;
import dev.attune.server.protocol.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One chat completion being answered: all its choices at once, in one piece or as a stream. Used once.
 *
 * @param start starts the answers, when there is somebody to hear them
 * @param keep told the whole answer at its end
 */
record ChatTurn(ChatRequest chat, ToolPlan plan, AnswerHead head, int promptTokens, TokenWriter writer,
        Supplier<Answers> start, Consumer<ChatWire.Completion> keep) {

    Response answer(Request request) throws IOException {
        var replies = new ArrayList<Reply>();
        for (int i = 0; i < chat.choices(); i++) {
            replies.add(new Reply(plan, chat.options().tellsLogprobs()));
        }
        Answers answers = start.get();
        if (chat.stream()) {
            return Delivery.stream(request, answers, sink -> new Streamed(replies, sink));
        }
        Delivery.whole(request, answers, new Whole(replies));
        return Response.of(completed(replies));
    }

    private ChatWire.Completion completed(List<Reply> replies) {
        var choices = new ArrayList<ChatWire.Choice>();
        for (Reply reply : replies) {
            choices.add(reply.choice(choices.size(), writer));
        }
        var whole = new ChatWire.Completion(head.id(), "chat.completion", head.created(), head.model(), choices,
                usage(replies), "default", head.fingerprint(), chat.stored() ? chat.metadata() : null);
        keep.accept(whole);
        return whole;
    }

    private ChatWire.Usage usage(List<Reply> replies) {
        return ChatWire.Usage.of(promptTokens, replies.stream().mapToInt(Reply::completionTokens).sum());
    }

    /** Gathers the answers. */
    private record Whole(List<Reply> replies) implements Delivery.Listener {
        @Override
        public boolean more(Answers.Said.More more) {
            Reply reply = replies.get(more.answer());
            reply.take(more.piece());
            return !reply.isEnough();
        }

        @Override
        public void end(Answers.Said.End end) {
            replies.get(end.answer()).end(end.generation());
        }
    }

    /** Writes the answers while they grow. */
    private final class Streamed implements Delivery.Listener {
        private final List<Reply> replies;
        private final ChatFrames frames;

        Streamed(List<Reply> replies, Response.EventSink sink) {
            this.replies = replies;
            this.frames = new ChatFrames(head, chat.includeUsage(), chat.options().tellsLogprobs(), writer, sink);
        }

        @Override
        public void begin() throws IOException {
            for (int i = 0; i < replies.size(); i++) {
                frames.role(i);
            }
        }

        @Override
        public boolean more(Answers.Said.More more) throws IOException {
            Reply reply = replies.get(more.answer());
            for (Reply.News news : reply.take(more.piece())) {
                frames.news(more.answer(), news);
            }
            return !reply.isEnough();
        }

        @Override
        public void end(Answers.Said.End end) throws IOException {
            Reply reply = replies.get(end.answer());
            for (Reply.News news : reply.end(end.generation())) {
                frames.news(end.answer(), news);
            }
            frames.finish(end.answer(), reply.finish());
        }

        @Override
        public void done() throws IOException {
            completed(replies);
            frames.end(usage(replies));
        }
    }
}
