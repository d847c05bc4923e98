package dev.attune.engine.sample;

import dev.attune.text.ChatEncoder;
import dev.attune.text.TokenBytes;
import java.util.Set;

/** A text that is one JSON object: a token may come where its bytes continue the object. */
final class JsonRule implements TokenRule {
    private final JsonPrefix json = new JsonPrefix();
    private final TokenBytes bytes;
    private final Set<Integer> stops;
    private final ChatEncoder encoder;

    JsonRule(ChatEncoder encoder) {
        this.encoder = encoder;
        this.bytes = encoder.tokenBytes();
        this.stops = encoder.stopTokens();
    }

    /** A special token has no text, so it could come again and again. */
    @Override
    public boolean allows(int token) {
        byte[] written = bytes.of(token);
        return written.length > 0 && !stops.contains(token) && json.allows(written)
                && !(written[0] == '<' && encoder.tokenizer().decode(new int[]{token}, true).isEmpty());
    }

    @Override
    public void take(int token) {
        json.take(bytes.of(token));
    }

    @Override
    public boolean ends() {
        return json.isWhole();
    }
}
