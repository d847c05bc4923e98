package dev.attune.dataset.quality;

import java.util.regex.Pattern;

/** Numbers in the form of a US social security number, without the areas, groups and serials that are never given out. */
final class SocialSecurityNumbers implements SensitiveData {
    private static final CheckKind KIND = CheckKind.warning("pii_ssn", "what looks like a US social security number",
            "replace it, or mask it with attune prepare --mask-pii",
            "A tuned model can repeat personal data that it was trained on. Numbers that are never given out, and the ones famous from advertisements, are not reported.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern NUMBER = Pattern.compile(
            "(?<![0-9A-Za-z-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9A-Za-z]|-[0-9A-Za-z])");
    private static final int FEWEST_DIGITS = 9;

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "SSN";
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        signs.inNumbers(NUMBER, FEWEST_DIGITS, text, matcher -> {
            String number = matcher.group();
            if (!number.equals("123-45-6789") && !number.equals("078-05-1120") && !number.equals("219-09-9999")) {
                places.found(matcher.start(), matcher.end());
            }
        });
    }
}
