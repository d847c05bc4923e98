package dev.attune.server.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/** A stream that takes so many bytes and no more. */
public final class LimitedOutput extends OutputStream {
    private final OutputStream out;
    private final Supplier<? extends RuntimeException> refusal;
    private long left;

    public LimitedOutput(OutputStream out, long max, Supplier<? extends RuntimeException> refusal) {
        this.out = out;
        this.left = max;
        this.refusal = refusal;
    }

    @Override
    public void write(int b) throws IOException {
        take(1);
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        take(length);
        out.write(bytes, from, length);
    }

    private void take(int count) {
        left -= count;
        if (left < 0) {
            throw refusal.get();
        }
    }
}
