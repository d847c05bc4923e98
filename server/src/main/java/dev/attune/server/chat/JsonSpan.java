package dev.attune.server.chat;

/** Finds the end of one JSON value in growing text, by its brackets and quotes. Not thread-safe. */
final class JsonSpan {
    private int depth;
    private boolean quoted;
    private boolean escaped;
    private boolean whole;
    private char first;

    /** Looks through more of the value; gives how many characters belong to it. */
    int scan(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char at = text.charAt(i);
            if (first == 0) {
                first = at;
            } else if (depth == 0 && !quoted && !isObject() && !isString() && (at == ',' || at == '}' || at == ']')) {
                whole = true;
                return i;
            }
            if (step(at)) {
                whole = true;
                return i + 1;
            }
        }
        return text.length();
    }

    boolean isWhole() {
        return whole;
    }

    boolean isObject() {
        return first == '{';
    }

    boolean isString() {
        return first == '"';
    }

    /** Whether the value ends with this character. */
    private boolean step(char at) {
        if (quoted) {
            if (escaped) {
                escaped = false;
            } else if (at == '\\') {
                escaped = true;
            } else if (at == '"') {
                quoted = false;
                return depth == 0;
            }
            return false;
        }
        switch (at) {
            case '"' -> quoted = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {
            }
        }
        return depth == 0 && (at == '}' || at == ']');
    }
}
