package dev.attune.dataset;

import dev.attune.text.Message;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A question without what changes from one filling of a template to the next: numbers, addresses, and names, which are
 * words that begin with a capital within a sentence. Two questions are of one template where these are equal.
 */
final class MaskedText {
    private static final Pattern PIECE = Pattern.compile(
            "((?:https?://|www\\.)\\S+|[\\w.+-]+@[\\w-]+\\.[\\w.-]+)"
                    + "|([\\p{L}]*\\p{N}[\\p{L}\\p{N}]*(?:[.,:/-]\\p{N}+)*)"
                    + "|(\\p{L}[\\p{L}\\p{M}'’]*)|([.!?:;\\n\"“„(])|\\s|.",
            Pattern.DOTALL);

    private static final int ADDRESS = 1;
    private static final int NUMBER = 2;
    private static final int WORD = 3;
    private static final int END = 4;

    /** First name and last name are one name. */
    private static final Pattern SEVERAL = Pattern.compile("\0(?:\\s*\0)+");

    /** With fewer words left, texts of one form are no template but small talk. */
    private static final int FEWEST_WORDS = 5;

    private MaskedText() {}

    /** The masked question, in the form in which texts are compared; empty where little but masks would be left. */
    static String of(Row row) {
        return of(NormalText.said(row).stream().map(Message::content).collect(Collectors.joining("\n")));
    }

    static String of(String text) {
        var masked = new StringBuilder(text.length());
        Matcher piece = PIECE.matcher(text);
        boolean begins = true;
        int words = 0;
        int masks = 0;
        while (piece.find()) {
            String word = piece.group(WORD);
            boolean name = word != null && !begins && Character.isUpperCase(word.codePointAt(0)) && word.length() > 1
                    && !word.startsWith("I'") && !word.startsWith("I’");
            if (piece.start(ADDRESS) >= 0 || piece.start(NUMBER) >= 0 || name) {
                masks++;
                masked.append('\0');
                begins = false;
            } else {
                masked.append(piece.group());
                words += word == null ? 0 : 1;
                begins = piece.start(END) >= 0 || (begins && word == null);
            }
        }
        return masks == 0 || words < FEWEST_WORDS || words < masks
                ? ""
                : NormalText.of(SEVERAL.matcher(masked).replaceAll("\0"));
    }
}
