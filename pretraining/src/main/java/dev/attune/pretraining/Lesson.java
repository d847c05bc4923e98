package dev.attune.pretraining;

import dev.attune.text.Conversation;
import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.List;

/** One example of the curriculum, as text. */
sealed interface Lesson {

    /** A plain text, trained from its first to its last token. */
    record Prose(String text) implements Lesson {}

    /**
     * A conversation of which the answers are trained.
     *
     * @param system the instructions above it, or the empty string
     */
    record Talk(String system, List<Exchange> exchanges) implements Lesson {
        public Talk {
            exchanges = List.copyOf(exchanges);
        }

        Conversation conversation() {
            var messages = new ArrayList<Message>();
            if (!system.isEmpty()) {
                messages.add(new Message.System(system));
            }
            for (Exchange exchange : exchanges) {
                messages.add(new Message.User(exchange.user()));
                messages.add(new Message.Assistant(exchange.assistant()));
            }
            return new Conversation(messages);
        }
    }

    /** A text of which only some parts are trained. */
    record Drill(List<Part> parts) implements Lesson {
        public Drill {
            parts = List.copyOf(parts);
        }
    }

    /** A piece of a drill. */
    record Part(String text, boolean trained) {}

    /** A question and its answer. */
    record Exchange(String user, String assistant) {}

    /** Inputs with their outputs under one instruction, which stands where a person might put it. */
    static Talk task(String instruction, List<Exchange> exchanges, Dice dice) {
        return switch (dice.weighted(new double[]{55, 22, 10, 13})) {
            case 0 -> new Talk(instruction, exchanges);
            case 1 -> asked("", exchanges, instruction + dice.of(": ", "\n", "\n\n", " "), "", dice.chance(0.4));
            case 2 -> asked(
                    dice.of("You are a helpful assistant.", "You are Attune.", "Be brief.", "You follow instructions."),
                    exchanges,
                    instruction + dice.of(": ", "\n"), "", dice.chance(0.4));
            default -> asked("", exchanges, "", "\n" + instruction, dice.chance(0.4));
        };
    }

    private static Talk asked(String system, List<Exchange> exchanges, String before, String after, boolean everyTurn) {
        var asked = new ArrayList<Exchange>();
        for (Exchange e : exchanges) {
            boolean named = everyTurn || asked.isEmpty();
            asked.add(named ? new Exchange(before + e.user() + after, e.assistant()) : e);
        }
        return new Talk(system, asked);
    }
}
