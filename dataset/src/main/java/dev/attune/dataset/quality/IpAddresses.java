package dev.attune.dataset.quality;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Public IPv4 addresses of hosts. Not private, reserved and documentation ranges (RFC 6890), not the well-known resolvers,
 * and not version numbers: at least one part is 100 or more, the last is not 0, and no "v" or "/" stands before.
 */
final class IpAddresses implements SensitiveData {
    private static final CheckKind KIND = CheckKind.advice("pii_ip_address", "a public IP address",
            "replace it where it is a person's, or mask it with attune prepare --mask-pii",
            "An IP address can name a person. Private, reserved and documentation ranges, well-known resolvers and version numbers are not reported.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern ADDRESS = Pattern.compile(
            "(?<![0-9A-Za-z./_-])([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})(?![0-9A-Za-z_]|[./-][0-9A-Za-z])");
    private static final Pattern VERSION = Pattern.compile(
            "(?i)version|release|build|firmware|update|patch|driver|browser|firefox|chrome|safari|edge|opera|java|kernel|section|§|chapter|abschnitt");
    private static final int CONTEXT = 20;
    private static final int FEWEST_DIGITS = 6;
    private static final Set<String> RESOLVERS = Set.of("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9",
            "208.67.222.222", "208.67.220.220");

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "IP";
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        signs.inNumbers(ADDRESS, FEWEST_DIGITS, text, matcher -> {
            if (isPublicHost(part(matcher, 1), part(matcher, 2), part(matcher, 3), part(matcher, 4))
                    && !RESOLVERS.contains(matcher.group())
                    && !Context.before(text, matcher.start(), CONTEXT, VERSION)) {
                places.found(matcher.start(), matcher.end());
            }
        });
    }

    private static int part(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static boolean isPublicHost(int a, int b, int c, int d) {
        if (Math.max(Math.max(a, b), Math.max(c, d)) > 255 || Math.max(Math.max(a, b), Math.max(c, d)) < 100 || d == 0
                || d == 255) {
            return false;
        }
        boolean reserved = a == 0 || a == 10 || a == 127 || a >= 224 || a == 100 && b >= 64 && b < 128
                || a == 169 && b == 254 || a == 172 && b >= 16 && b < 32 || a == 192 && b == 168
                || a == 192 && b == 0 && (c == 0 || c == 2) || a == 198 && (b == 18 || b == 19)
                || a == 198 && b == 51 && c == 100 || a == 203 && b == 0 && c == 113;
        return !reserved;
    }
}
