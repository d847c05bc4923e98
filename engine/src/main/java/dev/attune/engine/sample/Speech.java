package dev.attune.engine.sample;

import dev.attune.text.ChatEncoder;

/** One generation: tokens drawn one after the other, and the text they make. Used once, by one thread. */
final class Speech {
    private final Decoding decoding;
    private final ChatEncoder encoder;
    private final SamplingOptions options;
    private final TextListener listener;
    private final TokenChoice choice;
    private final TokenRule rule;
    private final GrowingText growing;
    private final StopScan scan;
    private final ToldTokens told = new ToldTokens();
    private final StringBuilder text = new StringBuilder();
    private final int vocabulary;
    private int grown;

    Speech(Decoding decoding, ChatEncoder encoder, SamplingOptions options, TextListener listener) {
        this.decoding = decoding;
        this.encoder = encoder;
        this.options = options;
        this.listener = listener;
        this.vocabulary = encoder.tokenizer().vocabularySize();
        this.choice = new TokenChoice(options, vocabulary);
        this.rule = rule(encoder, options.shape());
        this.growing = new GrowingText(encoder.tokenizer(), options.shape().writtenTokens());
        this.scan = new StopScan(options.stop());
    }

    private static TokenRule rule(ChatEncoder encoder, TextShape shape) {
        if (shape.json()) {
            return new JsonRule(encoder);
        }
        return shape.openings().isEmpty() ? TokenRule.ANY : new OpeningRule(encoder.tokenizer(), shape.openings());
    }

    Generation speak(int[] prompt, int most) {
        float[] logits = decoding.begin(prompt, () -> listener.onText(Piece.EMPTY));
        if (logits.length == 0) {
            return new Generation("", prompt.length, 0, FinishReason.CANCELLED, told.all());
        }
        int completed = 0;
        while (true) {
            int token = choice.next(logits, rule);
            completed++;
            if (token == TokenChoice.NONE || encoder.stopTokens().contains(token)) {
                return end(prompt, completed, FinishReason.STOP);
            }
            rule.take(token);
            if (options.tellsLogprobs()) {
                told.add(TokenLogprobs.of(logits, vocabulary, token, options.alternatives()), grown);
            }
            String more = growing.append(token);
            grown += more.length();
            if (!say(scan.append(more))) {
                return generation(prompt, completed, FinishReason.CANCELLED);
            }
            if (scan.stopped()) {
                return generation(prompt, completed, FinishReason.STOP);
            }
            if (rule.ends()) {
                return end(prompt, completed, FinishReason.STOP);
            }
            if (completed == most) {
                return end(prompt, completed, FinishReason.LENGTH);
            }
            logits = decoding.next(token);
        }
    }

    /** Gives out what was held back: no stop text can come of it any more. */
    private Generation end(int[] prompt, int completed, FinishReason reason) {
        String rest = scan.append(growing.finish());
        if (!scan.stopped()) {
            rest += scan.finish();
        }
        boolean wanted = rest.isEmpty() || say(rest);
        return generation(prompt, completed,
                scan.stopped() ? FinishReason.STOP : wanted ? reason : FinishReason.CANCELLED);
    }

    private Generation generation(int[] prompt, int completed, FinishReason reason) {
        return new Generation(text.toString(), prompt.length, completed, reason, told.all());
    }

    private boolean say(String piece) {
        text.append(piece);
        return listener.onText(new Piece(piece, told.upTo(text.length())));
    }
}
