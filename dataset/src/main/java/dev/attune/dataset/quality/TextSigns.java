package dev.attune.dataset.quality;

/**
 * What kinds of characters a text has, found in one pass, so that a check can leave out at once the texts that cannot
 * concern it. Immutable.
 *
 * @param digits how many ASCII digits there are
 * @param longestRun the longest run of characters that keys and tokens are made of ({@code A-Za-z0-9+/_=-})
 */
record TextSigns(boolean hasNonAscii, boolean hasControl, boolean hasAt, boolean hasLess, boolean hasAmpersand,
        boolean hasFence, int digits, int longestRun) {
    private static final byte RUN = 1;
    private static final byte DIGIT = 2;
    private static final byte CONTROL = 4;
    private static final byte OTHER = 8;
    private static final byte[] CLASSES = classes();

    static TextSigns of(String text) {
        boolean nonAscii = false;
        boolean control = false;
        boolean at = false;
        boolean less = false;
        boolean ampersand = false;
        boolean fence = false;
        int digits = 0;
        int run = 0;
        int longest = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                nonAscii = true;
                run = 0;
                continue;
            }
            byte kind = CLASSES[c];
            if ((kind & RUN) != 0) {
                run++;
                longest = Math.max(longest, run);
                digits += kind >> 1 & 1;
                continue;
            }
            run = 0;
            if (kind == 0) {
                continue;
            }
            control |= kind == CONTROL;
            at |= c == '@';
            less |= c == '<';
            ampersand |= c == '&';
            fence |= c == '`' || c == '~';
        }
        return new TextSigns(nonAscii, control, at, less, ampersand, fence, digits, longest);
    }

    private static byte[] classes() {
        byte[] classes = new byte[128];
        for (int c = 0; c < 128; c++) {
            boolean digit = c >= '0' && c <= '9';
            boolean run = digit || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || "+/_=-".indexOf(c) >= 0;
            boolean control = c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 127;
            classes[c] = (byte) ((run ? RUN : 0) | (digit ? DIGIT : 0) | (control ? CONTROL : 0)
                    | ("@<&`~".indexOf(c) >= 0 ? OTHER : 0));
        }
        return classes;
    }
}
