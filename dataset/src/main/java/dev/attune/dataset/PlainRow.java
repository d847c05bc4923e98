package dev.attune.dataset;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Recognises, straight from bytes, the rows that most files are made of: nothing but {@code messages} with a role, a text and
 * perhaps a weight, an optional system message first, the assistant last, nothing that any check would name. Every other row,
 * good or bad, is left to {@link DatasetReader}. Reusable; not thread-safe.
 */
final class PlainRow {
    private static final byte[] MESSAGES = ascii("messages");
    private static final byte[] ROLE = ascii("role");
    private static final byte[] CONTENT = ascii("content");
    private static final byte[] WEIGHT = ascii("weight");
    private static final Speaker[] SPEAKERS = Speaker.values();

    /** Who may speak in a plain row. */
    enum Speaker {
        USER("user"), ASSISTANT("assistant"), SYSTEM("system"), DEVELOPER("developer");

        private final byte[] name;

        Speaker(String name) {
            this.name = ascii(name);
        }

        boolean instructs() {
            return this == SYSTEM || this == DEVELOPER;
        }
    }

    /** What is told about a row while it is read; a row that turns out not to be plain has told of its first messages. */
    interface Listener {
        /** @param trained whether the text is trained; the bytes are only good until the call returns */
        void message(Speaker speaker, byte[] utf8, int from, int to, boolean trained);
    }

    private byte[] scratch = new byte[1 << 12];
    private boolean usual;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the line is a plain row. */
    boolean read(byte[] bytes, int from, int to, Listener listener) {
        var json = new JsonBytes(bytes, from, to);
        if (!json.take('{') || !json.string() || !json.is(MESSAGES) || !json.take(':') || !json.take('[')) {
            return false;
        }
        usual = true;
        boolean asked = false;
        boolean trains = false;
        Speaker last = Speaker.SYSTEM;
        boolean first = true;
        do {
            int told = message(json, bytes, listener);
            if (told < 0) {
                return false;
            }
            last = SPEAKERS[told >> 1];
            if (last.instructs() && !first) {
                return false;
            }
            asked |= last == Speaker.USER;
            trains |= last == Speaker.ASSISTANT && (told & 1) == 1;
            first = false;
        } while (json.take(','));
        return json.take(']') && json.take('}') && json.atEnd() && asked && trains && last == Speaker.ASSISTANT;
    }

    /** Whether in the row that was read last every message has a role, then a text, and nothing else. */
    boolean isUsual() {
        return usual;
    }

    /** Reads one message: twice the speaker's ordinal, and 1 more where it is trained; −1 where it is not plain. */
    private int message(JsonBytes json, byte[] bytes, Listener listener) {
        if (!json.take('{')) {
            return -1;
        }
        @Nullable
        Speaker speaker = null;
        byte @Nullable [] text = null;
        int from = 0;
        int to = 0;
        int weight = -1;
        do {
            if (!json.string()) {
                return -1;
            }
            if (speaker == null && json.is(ROLE)) {
                usual &= text == null;
                speaker = json.take(':') && json.string() ? speaker(json) : null;
                if (speaker == null) {
                    return -1;
                }
            } else if (text == null && json.is(CONTENT)) {
                if (!json.take(':') || !json.string()) {
                    return -1;
                }
                from = json.from();
                to = json.to();
                text = bytes;
                if (json.escaped()) {
                    text = room(to - from);
                    from = 0;
                    to = json.unescape(text);
                }
                if (to < 0 || !JsonBytes.visible(text, from, to)) {
                    return -1;
                }
            } else if (weight < 0 && json.is(WEIGHT)) {
                usual = false;
                weight = json.take(':') ? json.bit() : -1;
                if (weight < 0) {
                    return -1;
                }
            } else {
                return -1;
            }
        } while (json.take(','));
        if (!json.take('}') || speaker == null || text == null || weight >= 0 && speaker != Speaker.ASSISTANT) {
            return -1;
        }
        boolean trained = speaker == Speaker.ASSISTANT && weight != 0;
        listener.message(speaker, text, from, to, trained);
        return speaker.ordinal() << 1 | (trained ? 1 : 0);
    }

    private static @Nullable Speaker speaker(JsonBytes json) {
        for (Speaker speaker : SPEAKERS) {
            if (json.is(speaker.name)) {
                return speaker;
            }
        }
        return null;
    }

    private byte[] room(int length) {
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, scratch.length * 2)];
        }
        return scratch;
    }
}
