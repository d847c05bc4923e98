package dev.attune.server.http;

import dev.attune.server.protocol.ApiError;
import dev.attune.server.protocol.ApiException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that has to come at a least speed, so that a client cannot hold a request open by sending a byte now and then. */
final class SteadyInput extends FilterInputStream {
    private static final long GRACE_NANOS = 30_000_000_000L;
    private static final long LEAST_BYTES_PER_SECOND = 512;

    private final long began = System.nanoTime();
    private long read;

    SteadyInput(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int count = super.read(bytes, from, length);
        long taken = System.nanoTime() - began;
        read += Math.max(0, count);
        if (count > 0 && taken > GRACE_NANOS && read < taken / 1_000_000_000 * LEAST_BYTES_PER_SECOND) {
            throw new ApiException(408,
                    ApiError.invalidRequest("The body of the request came too slowly; send at least "
                            + LEAST_BYTES_PER_SECOND + " bytes a second.", null, "request_timeout"));
        }
        return count;
    }
}
