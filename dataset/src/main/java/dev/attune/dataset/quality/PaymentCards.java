package dev.attune.dataset.quality;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Numbers of payment cards: a prefix and a length that a network uses, and the check digit of Luhn (ISO/IEC 7812). One in
 * ten numbers passes Luhn by chance, so digits without the groups of a card count only where a word such as "card" stands
 * before them. The numbers that payment services publish for tests are left out.
 */
final class PaymentCards implements SensitiveData {
    private static final CheckKind KIND = CheckKind.warning("pii_card", "the number of a payment card",
            "replace it, or mask it with attune prepare --mask-pii",
            "A tuned model can repeat personal data that it was trained on. Only numbers with a network's prefix and a right check digit are reported; published test numbers are not.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern GROUPED = Pattern.compile(
            "(?<![0-9A-Za-z])(?:[0-9]{4}([ -])[0-9]{4}\\1[0-9]{4}\\1[0-9]{4}|3[47][0-9]{2}([ -])[0-9]{6}\\2[0-9]{5})(?![0-9A-Za-z]|[ -][0-9])");
    private static final Pattern PLAIN = Pattern.compile("(?<![0-9A-Za-z.,-])[0-9]{13,19}(?![0-9A-Za-z]|[.,][0-9])");
    private static final Pattern NETWORK = Pattern.compile(
            "4[0-9]{12}(?:[0-9]{3}){0,2}|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
                    + "|3[47][0-9]{13}|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
                    + "|3(?:0[0-5]|[689][0-9])[0-9]{11}");
    private static final Pattern CARD = Pattern.compile(
            "(?i)card|visa|master|amex|american express|debit|credit|karte|carte|tarjeta|carta\\b|cartão|kreditkort|\\bcc\\b");
    private static final int CONTEXT = 40;
    private static final int FEWEST_DIGITS = 13;
    private static final Set<String> TESTS = Set.of("4111111111111111", "4242424242424242", "4012888888881881",
            "5555555555554444", "5105105105105100", "378282246310005", "371449635398431", "6011111111111117",
            "3530111333300000", "30569309025904", "4000056655665556", "4222222222222", "2223003122003222");

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "CARD";
    }

    @Override
    public String canonical(String value) {
        return value.replaceAll("[ -]", "");
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        signs.inNumbers(GROUPED, FEWEST_DIGITS, text, grouped -> {
            if (valid(grouped.group().replaceAll("[ -]", ""))) {
                places.found(grouped.start(), grouped.end());
            }
        });
        signs.inNumbers(PLAIN, FEWEST_DIGITS, text, plain -> {
            if (valid(plain.group()) && Context.before(text, plain.start(), CONTEXT, CARD)) {
                places.found(plain.start(), plain.end());
            }
        });
    }

    private static boolean valid(String digits) {
        return NETWORK.matcher(digits).matches() && luhn(digits) && !TESTS.contains(digits)
                && digits.chars().distinct().count() > 2;
    }

    private static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : 2 * digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
