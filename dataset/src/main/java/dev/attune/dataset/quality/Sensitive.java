package dev.attune.dataset.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

/** Personal data and secrets in texts: found, masked, replaced. */
final class Sensitive {
    /** All that is recognised; where two claim the same characters, the earlier has them. */
    static final List<SensitiveData> ALL = List.of(new PrivateKeys(), new AccessKeys(), new EmailAddresses(),
            new Ibans(), new PaymentCards(), new SocialSecurityNumbers(), new IpAddresses(), new PhoneNumbers(),
            new RandomStrings());

    private Sensitive() {}

    /** A value and where it stands. */
    record Hit(SensitiveData data, int start, int end) {}

    /** All values of a text, in order, none overlapping another. */
    static List<Hit> find(String text, TextSigns signs) {
        return find(text, signs, ALL);
    }

    static List<Hit> find(String text, TextSigns signs, List<SensitiveData> kinds) {
        var hits = new ArrayList<Hit>(0);
        for (SensitiveData data : kinds) {
            data.find(text, signs, (start, end) -> {
                if (hits.stream().noneMatch(hit -> start < hit.end && hit.start < end)) {
                    hits.add(new Hit(data, start, end));
                }
            });
        }
        hits.sort(Comparator.comparingInt(Hit::start));
        return hits;
    }

    /** The text with {@code [EMAIL]} in place of an e-mail address, and so on. */
    static String mask(String text) {
        return replace(text, find(text, TextSigns.of(text)), (data, value) -> "[" + data.label() + "]");
    }

    static String replace(String text, List<Hit> hits, BiFunction<SensitiveData, String, String> replacement) {
        if (hits.isEmpty()) {
            return text;
        }
        var masked = new StringBuilder(text.length());
        int at = 0;
        for (Hit hit : hits) {
            masked.append(text, at, hit.start)
                    .append(replacement.apply(hit.data, text.substring(hit.start, hit.end)));
            at = hit.end;
        }
        return masked.append(text, at, text.length()).toString();
    }
}
