package dev.attune.dataset;

import dev.attune.text.ChatEncoder;
import dev.attune.text.MaskedTokens;
import dev.attune.text.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A row as the model will see it: its text in pieces, each trained or not. Immutable.
 *
 * @param line line of the file, the first is 1
 * @param pieces in order; of two neighbours one is trained
 */
public record MaskedRow(int line, TokenCount tokens, List<Piece> pieces) {
    /** A run of text. */
    public record Piece(String text, boolean trained) {}

    public MaskedRow {
        pieces = List.copyOf(pieces);
    }

    /**
     * Exactly as it is trained: by the template and the tokenizer of a model directory.
     *
     * @throws dev.attune.text.TextException where the template refuses the row, or no true mask can be made
     */
    public static MaskedRow of(Row row, ChatEncoder encoder) {
        MaskedTokens tokens = encoder.example(row.conversation());
        var pieces = new ArrayList<Piece>();
        int from = 0;
        for (int i = 1; i <= tokens.length(); i++) {
            if (i == tokens.length() || tokens.trained()[i] != tokens.trained()[from]) {
                pieces.add(new Piece(encoder.tokenizer().decode(Arrays.copyOfRange(tokens.ids(), from, i), false),
                        tokens.trained()[from]));
                from = i;
            }
        }
        return new MaskedRow(row.line(), new TokenCount(tokens.length(), tokens.trainedCount()), pieces);
    }

    /** Message by message, for a provider that keeps its template to itself. */
    public static MaskedRow byMessage(Row row, TokenCounter counter) {
        var pieces = new ArrayList<Piece>();
        var untrained = new StringBuilder();
        for (Message message : row.conversation().messages()) {
            untrained.append('[').append(message.role()).append("]\n");
            if (message instanceof Message.Assistant assistant) {
                String said = said(assistant);
                if (assistant.weight() == 1 && !said.isEmpty()) {
                    pieces.add(new Piece(untrained.toString(), false));
                    pieces.add(new Piece(said, true));
                    untrained.setLength(0);
                } else {
                    untrained.append(said);
                }
            } else {
                untrained.append(message.content());
            }
            untrained.append('\n');
        }
        pieces.add(new Piece(untrained.toString(), false));
        return new MaskedRow(row.line(), counter.count(row.conversation()), pieces);
    }

    private static String said(Message.Assistant assistant) {
        var said = new StringBuilder(assistant.content());
        assistant.toolCalls().forEach(call -> said.append(said.isEmpty() ? "" : "\n").append(call.name()).append('(')
                .append(call.arguments()).append(')'));
        return said.toString();
    }
}
