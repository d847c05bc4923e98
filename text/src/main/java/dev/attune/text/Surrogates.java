package dev.attune.text;

/** Half a surrogate pair is no character and has no UTF-8: it becomes U+FFFD before a tokenizer sees it. */
final class Surrogates {

    private Surrogates() {}

    /** The text, itself where nothing is to be repaired. */
    static String repaired(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    i++;
                } else {
                    var out = new StringBuilder(text.length());
                    text.codePoints().forEach(c -> out.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
                    return out.toString();
                }
            }
        }
        return text;
    }
}
