package dev.attune.engine;

import dev.attune.text.ChatEncoder;

/** One generation: tokens drawn one after the other, and the text they make. Used once, by one thread. */
final class Speech {
    private final Decoding decoding;
    private final ChatEncoder encoder;
    private final TextListener listener;
    private final TokenChoice choice;
    private final GrowingText growing;
    private final StopScan scan;
    private final StringBuilder text = new StringBuilder();

    Speech(Decoding decoding, ChatEncoder encoder, SamplingOptions options, TextListener listener) {
        this.decoding = decoding;
        this.encoder = encoder;
        this.listener = listener;
        this.choice = new TokenChoice(options, encoder.tokenizer().vocabularySize());
        this.growing = new GrowingText(encoder.tokenizer());
        this.scan = new StopScan(options.stop());
    }

    Generation speak(int[] prompt, int most) {
        float[] logits = decoding.begin(prompt);
        int completed = 0;
        while (true) {
            int token = choice.next(logits);
            completed++;
            if (encoder.stopTokens().contains(token)) {
                return end(prompt, completed, FinishReason.STOP);
            }
            if (!say(scan.append(growing.append(token)))) {
                return new Generation(text.toString(), prompt.length, completed, FinishReason.CANCELLED);
            }
            if (scan.stopped()) {
                return new Generation(text.toString(), prompt.length, completed, FinishReason.STOP);
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
        FinishReason told = scan.stopped() ? FinishReason.STOP : wanted ? reason : FinishReason.CANCELLED;
        return new Generation(text.toString(), prompt.length, completed, told);
    }

    private boolean say(String piece) {
        text.append(piece);
        return listener.onText(piece);
    }
}
