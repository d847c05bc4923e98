package dev.attune.dataset.quality;

import dev.attune.dataset.CharacterTraits;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What kinds of characters a text has, found in one pass, so that a check can leave out at once the texts that cannot
 * concern it. Not changed once made.
 */
final class TextSigns {
    /** So many characters may stand between two digits of one number. */
    private static final int GAP = 3;
    /** Numbers with fewer digits concern no check. */
    private static final int FEWEST_DIGITS = 6;
    private static final int[] NONE = {};

    private final int traits;
    private final boolean at;
    private final boolean less;
    private final boolean ampersand;
    private final boolean fence;
    private final boolean account;
    private final int digits;
    private final int longestRun;
    private final int[] numbers;

    private TextSigns(Scan scan) {
        this.traits = scan.traits;
        this.at = scan.at;
        this.less = scan.less;
        this.ampersand = scan.ampersand;
        this.fence = scan.fence;
        this.account = scan.account;
        this.digits = scan.digits;
        this.longestRun = scan.longestRun;
        this.numbers = scan.numbers;
    }

    static TextSigns of(String text) {
        return new TextSigns(new Scan(text));
    }

    /** Whether a character has one of these {@link CharacterTraits}. */
    boolean has(int trait) {
        return (traits & trait) != 0;
    }

    boolean hasNonAscii() {
        return has(CharacterTraits.NON_ASCII);
    }

    boolean hasControl() {
        return has(CharacterTraits.CONTROL);
    }

    boolean hasAt() {
        return at;
    }

    boolean hasLess() {
        return less;
    }

    boolean hasAmpersand() {
        return ampersand;
    }

    /** Whether there is a sign that fences of code are made of. */
    boolean hasFence() {
        return fence;
    }

    /** Whether two capitals and two digits stand side by side, as at the beginning of an IBAN. */
    boolean mayHaveAccount() {
        return account;
    }

    /** How many ASCII digits there are. */
    int digits() {
        return digits;
    }

    /** The longest run of characters that keys and tokens are made of ({@code A-Za-z0-9+/_=-}). */
    int longestRun() {
        return longestRun;
    }

    /** Told what a pattern matches. */
    @FunctionalInterface
    interface Match {
        void found(Matcher matcher);
    }

    /**
     * Finds what a pattern matches where digits stand close together: no more than three of {@code " ().,/+-"} between two of
     * them. The pattern begins with a digit or one sign before it and ends with a digit; it may look beyond.
     *
     * @param fewestDigits that a match has, six or more
     */
    void inNumbers(Pattern pattern, int fewestDigits, String text, Match match) {
        for (int i = 0; i < numbers.length; i += 3) {
            if (numbers[i + 2] >= fewestDigits) {
                Matcher matcher = pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false)
                        .region(Math.max(0, numbers[i] - 1), numbers[i + 1]);
                while (matcher.find()) {
                    match.found(matcher);
                }
            }
        }
    }

    /** The pass. */
    private static final class Scan {
        private final String text;
        private int traits;
        private boolean at;
        private boolean less;
        private boolean ampersand;
        private boolean fence;
        private boolean account;
        private int digits;
        private int longestRun;
        private int[] numbers = NONE;
        private int begin;
        private int end = -GAP - 2;
        private int inNumber;

        Scan(String text) {
            this.text = text;
            int all = 0;
            int run = 0;
            int longest = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                int kind = CharacterTraits.of(c);
                all |= kind;
                if ((kind & CharacterTraits.KEY) != 0) {
                    run++;
                    if ((kind & CharacterTraits.DIGIT) != 0) {
                        digit(i);
                    }
                    continue;
                }
                longest = Math.max(longest, run);
                run = 0;
                if ((kind & CharacterTraits.MARKUP) != 0) {
                    markup(c);
                }
            }
            number();
            traits = all;
            longestRun = Math.max(longest, run);
        }

        private void markup(char c) {
            at |= c == '@';
            less |= c == '<';
            ampersand |= c == '&';
            fence |= c == '`' || c == '~';
        }

        private void digit(int i) {
            digits++;
            if (i - end > 1 && !continues(i)) {
                number();
                begin = i;
                inNumber = 0;
            }
            inNumber++;
            end = i;
            if (i - begin == 1 && begin >= 2 && capital(begin - 1) && capital(begin - 2)) {
                account = true;
            }
        }

        private boolean continues(int i) {
            if (i - end > GAP + 1) {
                return false;
            }
            for (int k = end + 1; k < i; k++) {
                if ((CharacterTraits.of(text.charAt(k)) & CharacterTraits.BETWEEN_DIGITS) == 0) {
                    return false;
                }
            }
            return true;
        }

        private boolean capital(int i) {
            return text.charAt(i) >= 'A' && text.charAt(i) <= 'Z';
        }

        private void number() {
            if (inNumber >= FEWEST_DIGITS) {
                numbers = Arrays.copyOf(numbers, numbers.length + 3);
                numbers[numbers.length - 3] = begin;
                numbers[numbers.length - 2] = end + 1;
                numbers[numbers.length - 1] = inNumber;
            }
        }
    }
}
