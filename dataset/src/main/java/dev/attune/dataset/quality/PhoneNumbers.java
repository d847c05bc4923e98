package dev.attune.dataset.quality;

import java.util.regex.Pattern;

/**
 * Telephone numbers: with a country code ({@code +49 30 1234567}), in the North American form ({@code (212) 555-7788}), or
 * other groups of digits where a word such as "phone" stands before them. Not free-phone numbers, nor 555-01xx, which is
 * kept for fiction.
 */
final class PhoneNumbers implements SensitiveData {
    private static final CheckKind KIND = CheckKind.warning("pii_phone", "a telephone number",
            "replace it, or mask it with attune prepare --mask-pii",
            "A tuned model can repeat personal data that it was trained on. Free-phone numbers and 555-01xx, which is kept for fiction, are not reported, nor are order numbers and dates.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern INTERNATIONAL = Pattern
            .compile("(?<![0-9A-Za-z+=])\\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}(?![0-9A-Za-z])");
    private static final Pattern AMERICAN = Pattern.compile(
            "(?<![0-9A-Za-z.+-])(?:\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}(?![0-9A-Za-z]|[.-][0-9])");
    private static final Pattern NATIONAL = Pattern
            .compile("(?<![0-9A-Za-z.+/-])\\(?0[1-9](?:[ ()/-]{0,3}[0-9]){6,12}(?![0-9A-Za-z]|[./-][0-9])");
    private static final Pattern SPOKEN_OF = Pattern.compile(
            "(?i)\\b(?:phone|tel|telephone|telefon|mobile|mobil|cell|handy|fax|call|ring|rufen|anrufen|number is|nummer|teléfono|téléphone|appelez|whatsapp|sms)\\b");
    private static final Pattern FREE_OR_FICTION = Pattern
            .compile("(?:\\+?1[ .-]?)?\\(?8(?:00|33|44|55|66|77|88)\\)?[ .-].*|.*555[ .-]?01[0-9]{2}");
    private static final int CONTEXT = 30;
    private static final int FEWEST_DIGITS = 8;

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "PHONE";
    }

    @Override
    public String canonical(String value) {
        return value.replaceAll("[^0-9+]", "");
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        find(INTERNATIONAL, text, signs, false, places);
        find(AMERICAN, text, signs, false, places);
        find(NATIONAL, text, signs, true, places);
    }

    private static void find(Pattern pattern, String text, TextSigns signs, boolean onlySpokenOf, Places places) {
        signs.inNumbers(pattern, FEWEST_DIGITS, text, matcher -> {
            if (!FREE_OR_FICTION.matcher(matcher.group()).matches()
                    && matcher.group().chars().filter(Character::isDigit).distinct().count() > 2
                    && (!onlySpokenOf || Context.before(text, matcher.start(), CONTEXT, SPOKEN_OF))) {
                places.found(matcher.start(), matcher.end());
            }
        });
    }
}
