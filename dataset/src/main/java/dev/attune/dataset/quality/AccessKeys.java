package dev.attune.dataset.quality;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Access keys that tell by their prefix whose they are: AWS, GitHub, GitLab, OpenAI, Anthropic, Slack, Google, Stripe,
 * Hugging Face, npm. Placeholders ({@code sk-your-key-here}, {@code AKIA…EXAMPLE}) are left out: they name themselves or
 * repeat few characters.
 */
final class AccessKeys implements SensitiveData {
    private static final CheckKind KIND = CheckKind.warning("secret_key", "an access key",
            "revoke the key and remove it, or mask it with attune prepare --mask-pii",
            "A key in training data is a key given away: files are copied and a tuned model can repeat it. Recognised by the prefixes that AWS, GitHub, GitLab, OpenAI, Anthropic, Slack, Google, Stripe, Hugging Face and npm give their keys; placeholders are not reported.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern KEY = Pattern.compile("(?<![A-Za-z0-9_-])(?:"
            + "(?:AKIA|ASIA)[0-9A-Z]{16}"
            + "|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{30,255}|glpat-[A-Za-z0-9_-]{20,64}"
            + "|sk-(?:proj-|svcacct-|admin-|ant-[a-z0-9]{2,8}-)?[A-Za-z0-9_-]{20,255}"
            + "|xox[abeoprs]-[A-Za-z0-9-]{16,255}|AIza[0-9A-Za-z_-]{35}|(?:sk|rk)_live_[0-9A-Za-z]{16,128}"
            + "|hf_[A-Za-z]{30,64}|npm_[A-Za-z0-9]{36})(?![A-Za-z0-9])");
    private static final Pattern PLACEHOLDER = Pattern
            .compile("(?i).*(?:example|your|xxxx|placeholder|dummy|sample|redacted|1234567890abcdef|\\*\\*).*");
    private static final double LEAST_BITS = 3;
    private static final int FEWEST_CHARACTERS = 20;

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "KEY";
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        if (signs.longestRun() < FEWEST_CHARACTERS) {
            return;
        }
        Matcher matcher = KEY.matcher(text);
        while (matcher.find()) {
            String key = matcher.group();
            if (!PLACEHOLDER.matcher(key).matches() && RandomStrings.bitsPerCharacter(key) >= LEAST_BITS
                    && key.chars().anyMatch(c -> c >= '0' && c <= '9' || c >= 'A' && c <= 'Z')) {
                places.found(matcher.start(), matcher.end());
            }
        }
    }
}
