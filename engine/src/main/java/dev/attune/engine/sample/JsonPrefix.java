package dev.attune.engine.sample;

import dev.attune.engine.EngineException;

import java.util.Arrays;

/**
 * The beginning of a JSON object (RFC 8259), byte by byte: says whether more bytes can follow so that the whole can still
 * become an object. A pushdown automaton; its stack holds the open brackets. Blanks between tokens are limited, so that a
 * model cannot go on with them for ever, and an escaped surrogate is not allowed, so that the text is Unicode. Not
 * thread-safe.
 */
final class JsonPrefix {
    private static final int DEEPEST = 64;
    private static final int MOST_BLANKS = 24;

    private enum At {
        START, VALUE, FIRST_ITEM, FIRST_KEY, KEY, COLON, AFTER, STRING, ESCAPE, HEX, WORD, MINUS, ZERO, DIGITS, POINT,
        FRACTION, E, SIGN, EXPONENT, WHOLE
    }

    private At at = At.START;
    /** Open brackets; true is an object. */
    private final boolean[] stack = new boolean[DEEPEST];
    private int depth;
    private boolean inKey;
    private String rest = "";
    private int hexLeft;
    private boolean surrogate;
    private int blanks;

    boolean isWhole() {
        return at == At.WHOLE;
    }

    /** Whether the bytes can follow; changes nothing. */
    boolean allows(byte[] bytes) {
        JsonPrefix trial = copy();
        for (byte each : bytes) {
            if (!trial.take(each & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** Takes bytes that can follow. */
    void take(byte[] bytes) {
        for (byte each : bytes) {
            if (!take(each & 0xFF)) {
                throw new EngineException("A token was taken that does not continue the JSON object.");
            }
        }
    }

    private JsonPrefix copy() {
        var copy = new JsonPrefix();
        copy.at = at;
        System.arraycopy(stack, 0, copy.stack, 0, depth);
        copy.depth = depth;
        copy.inKey = inKey;
        copy.rest = rest;
        copy.hexLeft = hexLeft;
        copy.surrogate = surrogate;
        copy.blanks = blanks;
        return copy;
    }

    private boolean take(int b) {
        if (isBlank(b) && isBetween()) {
            at = isNumberEnd() ? At.AFTER : at;
            return ++blanks <= MOST_BLANKS;
        }
        blanks = 0;
        return switch (at) {
            case START -> b == '{' && open(true);
            case VALUE -> value(b);
            case FIRST_ITEM -> b == ']' ? close(false) : value(b);
            case FIRST_KEY -> b == '}' ? close(true) : b == '"' && string(true);
            case KEY -> b == '"' && string(true);
            case COLON -> b == ':' && go(At.VALUE);
            case AFTER -> after(b);
            case STRING -> inString(b);
            case ESCAPE -> escape(b);
            case HEX -> hex(b);
            case WORD -> word(b);
            case MINUS -> b == '0' ? go(At.ZERO) : isDigit(b) && go(At.DIGITS);
            case ZERO -> b == '.' ? go(At.POINT) : isE(b) ? go(At.E) : after(b);
            case DIGITS -> isDigit(b) || (b == '.' ? go(At.POINT) : isE(b) ? go(At.E) : after(b));
            case POINT -> isDigit(b) && go(At.FRACTION);
            case FRACTION -> isDigit(b) || (isE(b) ? go(At.E) : after(b));
            case E -> b == '+' || b == '-' ? go(At.SIGN) : isDigit(b) && go(At.EXPONENT);
            case SIGN -> isDigit(b) && go(At.EXPONENT);
            case EXPONENT -> isDigit(b) || after(b);
            case WHOLE -> false;
        };
    }

    private boolean value(int b) {
        return switch (b) {
            case '{' -> open(true);
            case '[' -> open(false);
            case '"' -> string(false);
            case 't' -> begin("rue");
            case 'f' -> begin("alse");
            case 'n' -> begin("ull");
            case '-' -> go(At.MINUS);
            case '0' -> go(At.ZERO);
            default -> isDigit(b) && go(At.DIGITS);
        };
    }

    private boolean after(int b) {
        boolean object = stack[depth - 1];
        return switch (b) {
            case ',' -> go(object ? At.KEY : At.VALUE);
            case '}' -> object && close(true);
            case ']' -> !object && close(false);
            default -> false;
        };
    }

    private boolean inString(int b) {
        if (b == '"') {
            return go(inKey ? At.COLON : At.AFTER);
        }
        return b == '\\' ? go(At.ESCAPE) : b >= 0x20;
    }

    private boolean escape(int b) {
        if (b == 'u') {
            hexLeft = 4;
            surrogate = false;
            return go(At.HEX);
        }
        return "\"\\/bfnrt".indexOf(b) >= 0 && go(At.STRING);
    }

    private boolean hex(int b) {
        int digit = Character.digit(b, 16);
        if (digit < 0 || hexLeft == 3 && surrogate && digit >= 8) {
            return false;
        }
        surrogate = hexLeft == 4 && digit == 0xD;
        hexLeft--;
        return hexLeft > 0 || go(At.STRING);
    }

    private boolean word(int b) {
        if (rest.charAt(0) != b) {
            return false;
        }
        rest = rest.substring(1);
        return !rest.isEmpty() || go(At.AFTER);
    }

    private boolean begin(String letters) {
        rest = letters;
        return go(At.WORD);
    }

    private boolean string(boolean key) {
        inKey = key;
        return go(At.STRING);
    }

    private boolean open(boolean object) {
        if (depth == DEEPEST) {
            return false;
        }
        stack[depth++] = object;
        return go(object ? At.FIRST_KEY : At.FIRST_ITEM);
    }

    private boolean close(boolean object) {
        depth--;
        assert stack[depth] == object;
        return go(depth == 0 ? At.WHOLE : At.AFTER);
    }

    private boolean go(At next) {
        at = next;
        return true;
    }

    private boolean isBetween() {
        return switch (at) {
            case START, VALUE, FIRST_ITEM, FIRST_KEY, KEY, COLON, AFTER -> true;
            default -> isNumberEnd();
        };
    }

    private boolean isNumberEnd() {
        return at == At.ZERO || at == At.DIGITS || at == At.FRACTION || at == At.EXPONENT;
    }

    private static boolean isBlank(int b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isE(int b) {
        return b == 'e' || b == 'E';
    }

    @Override
    public String toString() {
        return at + " " + Arrays.toString(Arrays.copyOf(stack, depth));
    }
}
