package dev.attune.dataset.quality;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Strings that look drawn by lot, where a word such as "password", "token" or "secret" stands before them: 20 characters or
 * more with capitals, small letters and digits, and an entropy of at least 3.7 bits a character. Hashes and UUIDs (only
 * hexadecimal digits) name things and open nothing, so they are left out, as are paths.
 */
final class RandomStrings implements SensitiveData {
    private static final CheckKind KIND = CheckKind.advice("secret_random", "what looks like a password or token",
            "revoke it and remove it where it opens anything, or mask it with attune prepare --mask-pii",
            "A password or token in training data is given away. A long random string is reported only where a word such as password, token, secret or key stands before it; hashes, UUIDs and paths are not.")
            .fixed(Repair.ON_REQUEST);

    private static final int SHORTEST = 20;
    private static final Pattern RUN = Pattern.compile("(?<![A-Za-z0-9+/_=.-])[A-Za-z0-9+/_-]{" + SHORTEST
            + ",512}={0,2}(?![A-Za-z0-9+/_=-])");
    private static final Pattern SPOKEN_OF = Pattern.compile(
            "(?i)(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|bearer|credential|api[ _-]?key|access[ _-]?key|private[ _-]?key|auth(?:orization)?|kennwort|passwort|schlüssel)[^\\n]{0,16}$");
    private static final Pattern PLACEHOLDER = Pattern.compile("(?i).*(?:example|your|xxxx|placeholder|dummy).*");
    private static final int CONTEXT = 40;
    private static final double LEAST_BITS = 3.7;

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "SECRET";
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        if (signs.longestRun() < SHORTEST || signs.digits() < 2) {
            return;
        }
        Matcher matcher = RUN.matcher(text);
        while (matcher.find()) {
            String run = matcher.group();
            if (mixed(run) && bitsPerCharacter(run) >= LEAST_BITS && !PLACEHOLDER.matcher(run).matches()
                    && Context.before(text, matcher.start(), CONTEXT, SPOKEN_OF)) {
                places.found(matcher.start(), matcher.end());
            }
        }
    }

    /** Capitals, small letters and at least two digits, and few separators: words joined by dashes are no secret. */
    private static boolean mixed(String run) {
        long digits = run.chars().filter(c -> c >= '0' && c <= '9').count();
        long capitals = run.chars().filter(c -> c >= 'A' && c <= 'Z').count();
        long small = run.chars().filter(c -> c >= 'a' && c <= 'z').count();
        boolean hexadecimal = run.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '-');
        return digits >= 2 && capitals >= 2 && small >= 2 && !hexadecimal
                && run.length() - digits - capitals - small <= run.length() / 8;
    }

    /** Shannon's entropy of the characters of a text. */
    static double bitsPerCharacter(String text) {
        int[] counts = new int[128];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 127]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }
}
