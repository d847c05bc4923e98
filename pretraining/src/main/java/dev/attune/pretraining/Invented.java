package dev.attune.pretraining;

import java.util.Locale;

/**
 * Strings that nobody has seen: invented words, codes, addresses, numbers. One invented word in eight (by its hash) is
 * kept for the probes.
 */
final class Invented {
    private static final String[] ONSETS = {"b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k",
            "kr", "l",
            "m", "n", "p", "pl", "qu", "r", "s", "sh", "sk", "st", "t", "th", "tr", "v", "w", "y", "z", ""};
    private static final String[] VOWELS = {"a", "e", "i", "o", "u", "ai", "ea", "oo", "ou", "y", "io", "a", "e", "o"};
    private static final String[] CODAS = {"", "", "", "n", "r", "s", "l", "t", "x", "nd", "rk", "m", "ck", "p", "sh",
            "ng", "v", "zz"};
    private static final String CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ";

    private Invented() {}

    /** A word of one to three syllables in small letters. */
    static String word(Dice dice) {
        while (true) {
            var word = new StringBuilder();
            int syllables = dice.weighted(new double[]{2, 5, 3}) + 1;
            for (int i = 0; i < syllables; i++) {
                word.append(dice.of(ONSETS)).append(dice.of(VOWELS)).append(dice.of(CODAS));
            }
            if (word.length() >= 2 && word.length() <= 11 && isHeldOut(word) == dice.heldOut()) {
                return word.toString();
            }
        }
    }

    static boolean isHeldOut(CharSequence word) {
        return Math.floorMod(word.toString().hashCode() * 31, 8) == 0;
    }

    static String name(Dice dice) {
        return capital(word(dice));
    }

    static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** Letters at random. */
    static String letters(Dice dice, int count, boolean upper) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            char c = dice.chance(0.7)
                    ? CONSONANTS.charAt(dice.below(CONSONANTS.length()))
                    : (char) ('A' + dice.below(26));
            text.append(upper ? c : Character.toLowerCase(c));
        }
        return text.toString();
    }

    static String digits(Dice dice, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + dice.below(10)));
        }
        return text.toString();
    }

    /** A code such as {@code ORD-4821-XK}, {@code B17/204}, {@code 90-4412} or {@code kx7p2q}. */
    static String code(Dice dice) {
        return switch (dice.below(12)) {
            case 0 -> letters(dice, dice.between(2, 3), true) + "-" + digits(dice, dice.between(3, 5));
            case 1 -> dice.of("ORD", "INV", "REF", "TCK", "CASE", "PO", "RMA", "BK", "JOB", "REQ") + "-"
                    + digits(dice, dice.between(3, 6));
            case 2 -> letters(dice, 3, true) + "-" + digits(dice, 4) + "-" + letters(dice, 2, true);
            case 3 -> digits(dice, dice.between(4, 8));
            case 4 -> letters(dice, 1, true) + digits(dice, dice.between(2, 5));
            case 5 -> digits(dice, 2) + "-" + digits(dice, 4);
            case 6 ->
                letters(dice, 2, true) + digits(dice, dice.between(2, 4)) + letters(dice, dice.between(0, 2), true);
            case 7 -> digits(dice, dice.between(2, 3)) + "/" + digits(dice, dice.between(2, 4));
            case 8 -> letters(dice, dice.between(2, 4), false) + "_" + digits(dice, dice.between(2, 3));
            case 9 -> letters(dice, 1, true) + digits(dice, 2) + "-" + letters(dice, 1, true) + digits(dice, 2);
            case 10 -> letters(dice, 2, false) + digits(dice, 1) + letters(dice, 1, false) + digits(dice, 1);
            default -> letters(dice, dice.between(3, 4), true) + "." + digits(dice, 3);
        };
    }

    /** One string of any kind, for copying. */
    static String anything(Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> code(dice);
            case 1 -> letters(dice, dice.between(3, 7), dice.chance(0.5));
            case 2 -> digits(dice, dice.between(1, 6));
            case 3 -> name(dice);
            case 4 -> name(dice) + " " + name(dice);
            case 5 -> Noise.typo(dice.pick(Lexicon.english().words(dice.pick(Lexicon.english().names()))), dice);
            default -> word(dice);
        };
    }
}
