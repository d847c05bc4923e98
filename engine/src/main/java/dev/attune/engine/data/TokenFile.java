package dev.attune.engine.data;

import dev.attune.engine.DurableFiles;

import dev.attune.text.MaskedTokens;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * Examples as tokens in a file: each is read when it is asked for, so that any number of them takes no memory. A list of
 * fresh objects at every call. Thread-safe; whoever opens it closes it.
 *
 * <p>
 * All numbers are big-endian. An example: line (int), sequences (byte), then for each sequence its length (int), ids
 * (ints) and trained flags (bits, the lowest first). After the examples the offset of each (longs), then where those
 * begin and how many there are (longs).
 */
final class TokenFile extends AbstractList<TrainingExample> implements RandomAccess, AutoCloseable {
    private static final int TAIL = 16;

    private final FileChannel channel;
    private final long offsets;
    private final int size;

    private TokenFile(FileChannel channel, long offsets, int size) {
        this.channel = channel;
        this.offsets = offsets;
        this.size = size;
    }

    /**
     * Opens a file that a {@link Writer} has made.
     *
     * @throws IOException where it cannot be read, or is not whole
     */
    static TokenFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long end = channel.size();
            if (end < TAIL) {
                throw new IOException(file + " is not whole");
            }
            ByteBuffer tail = read(channel, end - TAIL, TAIL);
            long offsets = tail.getLong();
            long size = tail.getLong();
            if (offsets < 0 || size < 0 || offsets + 8 * size + TAIL != end) {
                throw new IOException(file + " is not whole");
            }
            return new TokenFile(channel, offsets, Math.toIntExact(size));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public TrainingExample get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        try {
            ByteBuffer place = read(channel, offsets + 8L * index, 16);
            long from = place.getLong();
            long to = place.getLong();
            return example(read(channel, from, Math.toIntExact(to - from)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TrainingExample example(ByteBuffer bytes) {
        int line = bytes.getInt();
        return bytes.get() == 1
                ? new TrainingExample.Single(line, sequence(bytes))
                : new TrainingExample.Pair(line, sequence(bytes), sequence(bytes));
    }

    private static MaskedTokens sequence(ByteBuffer bytes) {
        var ids = new int[bytes.getInt()];
        var trained = new boolean[ids.length];
        bytes.asIntBuffer().get(ids);
        bytes.position(bytes.position() + 4 * ids.length);
        for (int i = 0; i < ids.length; i += 8) {
            int flags = bytes.get();
            for (int bit = 0; bit < 8 && i + bit < ids.length; bit++) {
                trained[i + bit] = (flags >> bit & 1) == 1;
            }
        }
        return new MaskedTokens(ids, trained);
    }

    private static ByteBuffer read(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, from + bytes.position());
            if (read < 0) {
                throw new IOException("a file of tokens ends too early");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes such a file under another name, to be given its own when it is whole. Not thread-safe. */
    static final class Writer implements AutoCloseable {
        private final Path file;
        private final Path aside;
        private final DataOutputStream out;
        private long[] offsets = new long[1024];
        private long written;
        private int size;

        Writer(Path file) throws IOException {
            this.file = file;
            this.aside = file.resolveSibling(file.getFileName() + DurableFiles.PARTIAL);
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(aside), 1 << 16));
        }

        void add(TrainingExample example) throws IOException {
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * size);
            }
            offsets[size++] = written;
            byte[] bytes = bytes(example);
            out.write(bytes);
            written += bytes.length;
        }

        private static byte[] bytes(TrainingExample example) {
            List<MaskedTokens> sequences = example.sequences();
            int count = 5 + sequences.stream().mapToInt(one -> 4 + 4 * one.length() + (one.length() + 7) / 8).sum();
            ByteBuffer bytes = ByteBuffer.allocate(count).putInt(example.line()).put((byte) sequences.size());
            for (MaskedTokens sequence : sequences) {
                bytes.putInt(sequence.length());
                for (int id : sequence.ids()) {
                    bytes.putInt(id);
                }
                for (int i = 0; i < sequence.length(); i += 8) {
                    int flags = 0;
                    for (int bit = 0; bit < 8 && i + bit < sequence.length(); bit++) {
                        flags |= sequence.trained()[i + bit] ? 1 << bit : 0;
                    }
                    bytes.put((byte) flags);
                }
            }
            return bytes.array();
        }

        /** Forces the file to disk and gives it its name. */
        void publish() throws IOException {
            for (int i = 0; i < size; i++) {
                out.writeLong(offsets[i]);
            }
            out.writeLong(written);
            out.writeLong(size);
            out.close();
            DurableFiles.publishTree(aside, file);
        }

        /** Leaves nothing but what was published. */
        @Override
        public void close() throws IOException {
            try {
                out.close();
            } finally {
                Files.deleteIfExists(aside);
            }
        }
    }
}
