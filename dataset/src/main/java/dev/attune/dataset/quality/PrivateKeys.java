package dev.attune.dataset.quality;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Private keys in PEM form: from their header to their footer, or to the end of the text where that is missing. */
final class PrivateKeys implements SensitiveData {
    private static final CheckKind KIND = CheckKind.warning("secret_private_key", "a private key",
            "revoke the key and remove it, or mask it with attune prepare --mask-pii",
            "A key in training data is a key given away: files are copied and a tuned model can repeat it. Public keys and certificates are not reported.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern HEADER = Pattern
            .compile("-----BEGIN ((?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?)-----");
    private static final int FEWEST_CHARACTERS = 24;
    private static final Pattern BODY = Pattern.compile("[A-Za-z0-9+/=\\s]{" + FEWEST_CHARACTERS + ",}");

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "PRIVATE_KEY";
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        int from = text.indexOf("-----BEGIN ");
        if (from < 0) {
            return;
        }
        Matcher header = HEADER.matcher(text);
        while (header.find(from)) {
            String footer = "-----END " + header.group(1) + "-----";
            int end = text.indexOf(footer, header.end());
            String body = text.substring(header.end(), end < 0 ? text.length() : end).replace("\\n", "\n");
            if (BODY.matcher(body).find()) {
                places.found(header.start(), end < 0 ? text.length() : end + footer.length());
            }
            from = end < 0 ? header.end() : end;
        }
    }
}
