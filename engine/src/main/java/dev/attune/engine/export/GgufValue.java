package dev.attune.engine.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A value in the head of a GGUF file; the numbers of the kinds are those of the format, version 3. */
sealed interface GgufValue {
    int UINT32 = 4;
    int INT32 = 5;
    int FLOAT32 = 6;
    int BOOL = 7;
    int STRING = 8;
    int ARRAY = 9;

    record Text(String text) implements GgufValue {}

    record Whole(int number) implements GgufValue {}

    record Real(float number) implements GgufValue {}

    record Flag(boolean flag) implements GgufValue {}

    record Texts(List<String> texts) implements GgufValue {
        public Texts {
            texts = List.copyOf(texts);
        }
    }

    record Reals(List<Float> numbers) implements GgufValue {
        public Reals {
            numbers = List.copyOf(numbers);
        }
    }

    record Wholes(List<Integer> numbers) implements GgufValue {
        public Wholes {
            numbers = List.copyOf(numbers);
        }
    }

    /** Appends kind and value. */
    default void write(Bytes out) {
        switch (this) {
            case Text(String text) -> out.number(STRING).text(text);
            case Whole(int number) -> out.number(UINT32).number(number);
            case Real(float number) -> out.number(FLOAT32).number(Float.floatToRawIntBits(number));
            case Flag(boolean flag) -> out.number(BOOL).one(flag ? 1 : 0);
            case Texts(List<String> texts) -> {
                out.number(ARRAY).number(STRING).wide(texts.size());
                texts.forEach(out::text);
            }
            case Reals(List<Float> numbers) -> {
                out.number(ARRAY).number(FLOAT32).wide(numbers.size());
                numbers.forEach(number -> out.number(Float.floatToRawIntBits(number)));
            }
            case Wholes(List<Integer> numbers) -> {
                out.number(ARRAY).number(INT32).wide(numbers.size());
                numbers.forEach(out::number);
            }
        }
    }

    /** Bytes that grow, little-endian. Not thread-safe. */
    final class Bytes {
        private ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

        Bytes number(int number) {
            room(4).putInt(number);
            return this;
        }

        Bytes wide(long number) {
            room(8).putLong(number);
            return this;
        }

        Bytes one(int number) {
            room(1).put((byte) number);
            return this;
        }

        Bytes text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            wide(utf8.length);
            room(utf8.length).put(utf8);
            return this;
        }

        int size() {
            return buffer.position();
        }

        byte[] toArray() {
            return java.util.Arrays.copyOf(buffer.array(), buffer.position());
        }

        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                int size = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
                ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
                larger.put(buffer.array(), 0, buffer.position());
                buffer = larger;
            }
            return buffer;
        }
    }
}
