package dev.attune.text;

/**
 * One token of a chat template.
 *
 * @param text as written; for {@link Kind#DATA} and {@link Kind#STRING} what it stands for
 * @param line one-based
 */
record TemplateToken(Kind kind, String text, int line) {

    /** What a token is. */
    enum Kind {
        DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR, END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    boolean isOperator(String wanted) {
        return is(Kind.OPERATOR, wanted);
    }

    boolean isName(String wanted) {
        return is(Kind.NAME, wanted);
    }

    /** How an error message shows it. */
    String shown() {
        return switch (kind) {
            case DATA -> "text";
            case END -> "the end of the template";
            case STRING -> "the string '" + text + "'";
            default -> "'" + text + "'";
        };
    }
}
