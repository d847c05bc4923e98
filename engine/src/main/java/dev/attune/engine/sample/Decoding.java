package dev.attune.engine.sample;

import dev.attune.engine.model.CausalLm;
import dev.attune.engine.model.DecodeSession;
import dev.attune.engine.model.LoraAdapter;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One text being written: takes tokens, gives the logits of what comes next. Used by one thread; closed by it. */
interface Decoding extends AutoCloseable {

    /**
     * Takes the prompt, once, before all else.
     *
     * @param wanted asked between stretches of a long prompt
     * @return no logits where it was no longer wanted
     */
    float[] begin(int[] prompt, BooleanSupplier wanted);

    /** Takes the next token. */
    float[] next(int token);

    @Override
    void close();

    /** A text with a cache of its own, for one that is too long to share. */
    static Decoding alone(CausalLm model, Optional<LoraAdapter> adapter, int tokens) {
        DecodeSession session = model.decode(adapter, 1, tokens);
        return new Decoding() {
            @Override
            public float[] begin(int[] prompt, BooleanSupplier wanted) {
                return session.append(0, prompt, wanted);
            }

            @Override
            public float[] next(int token) {
                return session.step(new int[]{0}, new int[]{token})[0];
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }
}
