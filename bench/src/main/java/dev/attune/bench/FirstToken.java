package dev.attune.bench;

import dev.attune.engine.model.ModelRef;
import dev.attune.engine.sample.ModelHost;
import dev.attune.engine.sample.SamplingOptions;
import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.nio.file.Path;
import java.util.List;

/** The engine's own time to the first piece of text, without a server: {@code FirstToken COUNT MODEL_DIRECTORY}. */
public final class FirstToken {
    static final String QUESTION = "A customer writes that her parcel has not come although the page says that it was"
            + " delivered two days ago. What should we answer, and which department takes it from here?";

    private FirstToken() {}

    /** Prints the time. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        ModelRef model = ModelRef.base(Path.of(args[1]));
        var taken = new long[count];
        try (var host = new ModelHost()) {
            for (int i = -5; i < count; i++) {
                var first = new long[1];
                long began = System.nanoTime();
                int[] prompt = host.encoder(model).prompt(new Conversation(List.of(new Message.User(QUESTION))));
                host.generate(model, prompt, new SamplingOptions(4, 1, 1, i, List.of()), piece -> {
                    if (first[0] == 0 && !piece.text().isEmpty()) {
                        first[0] = System.nanoTime();
                    }
                    return true;
                });
                if (i >= 0) {
                    taken[i] = first[0] - began;
                }
            }
        }
        ServeLoad.print("first token, the engine alone", taken, count + " prompts one after the other");
    }
}
