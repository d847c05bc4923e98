package dev.attune.dataset.quality;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** International bank account numbers: a known country, its length, and the check digits of ISO 7064 (mod 97 is 1). */
final class Ibans implements SensitiveData {
    private static final CheckKind KIND = CheckKind.warning("pii_iban", "a bank account number (IBAN)",
            "replace it, or mask it with attune prepare --mask-pii",
            "A tuned model can repeat personal data that it was trained on. Only numbers whose check digits fit are reported, so an order number is not.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern CANDIDATE = Pattern.compile(
            "(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])");
    private static final int FEWEST_DIGITS = 8;
    private static final Map<String, Integer> LENGTHS = Map.<String, Integer>ofEntries(Map.entry("AD", 24),
            Map.entry("AE", 23), Map.entry("AL", 28), Map.entry("AT", 20), Map.entry("AZ", 28), Map.entry("BA", 20),
            Map.entry("BE", 16), Map.entry("BG", 22), Map.entry("BH", 22), Map.entry("BR", 29), Map.entry("BY", 28),
            Map.entry("CH", 21), Map.entry("CR", 22), Map.entry("CY", 28), Map.entry("CZ", 24), Map.entry("DE", 22),
            Map.entry("DK", 18), Map.entry("DO", 28), Map.entry("EE", 20), Map.entry("EG", 29), Map.entry("ES", 24),
            Map.entry("FI", 18), Map.entry("FO", 18), Map.entry("FR", 27), Map.entry("GB", 22), Map.entry("GE", 22),
            Map.entry("GI", 23), Map.entry("GL", 18), Map.entry("GR", 27), Map.entry("GT", 28), Map.entry("HR", 21),
            Map.entry("HU", 28), Map.entry("IE", 22), Map.entry("IL", 23), Map.entry("IQ", 23), Map.entry("IS", 26),
            Map.entry("IT", 27), Map.entry("JO", 30), Map.entry("KW", 30), Map.entry("KZ", 20), Map.entry("LB", 28),
            Map.entry("LI", 21), Map.entry("LT", 20), Map.entry("LU", 20), Map.entry("LV", 21), Map.entry("MC", 27),
            Map.entry("MD", 24), Map.entry("ME", 22), Map.entry("MK", 19), Map.entry("MT", 31), Map.entry("MU", 30),
            Map.entry("NL", 18), Map.entry("NO", 15), Map.entry("PK", 24), Map.entry("PL", 28), Map.entry("PS", 29),
            Map.entry("PT", 25), Map.entry("QA", 29), Map.entry("RO", 24), Map.entry("RS", 22), Map.entry("SA", 24),
            Map.entry("SE", 24), Map.entry("SI", 19), Map.entry("SK", 24), Map.entry("SM", 27), Map.entry("TN", 24),
            Map.entry("TR", 26), Map.entry("UA", 29), Map.entry("VA", 22), Map.entry("VG", 24), Map.entry("XK", 20));

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "IBAN";
    }

    @Override
    public String canonical(String value) {
        return value.replaceAll("[ -]", "");
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        if (!signs.mayHaveAccount() || signs.digits() < FEWEST_DIGITS) {
            return;
        }
        Matcher matcher = CANDIDATE.matcher(text);
        while (matcher.find()) {
            int end = end(text, matcher.start(), matcher.end());
            if (end > 0) {
                places.found(matcher.start(), end);
            }
        }
    }

    /** Behind the last character of a valid number that begins here, or 0; words may follow it in capitals. */
    private static int end(String text, int start, int limit) {
        Integer length = LENGTHS.get(text.substring(start, start + 2));
        if (length == null) {
            return 0;
        }
        var number = new StringBuilder(length);
        int at = start;
        while (at < limit && number.length() < length) {
            char c = text.charAt(at++);
            if (c != ' ' && c != '-') {
                number.append(c);
            }
        }
        return number.length() == length && !Context.letterOrDigit(text, at) && remainder(number) == 1 ? at : 0;
    }

    private static int remainder(CharSequence number) {
        int remainder = 0;
        for (int i = 0; i < number.length(); i++) {
            int value = Character.digit(number.charAt((i + 4) % number.length()), 36);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }
        return remainder;
    }
}
