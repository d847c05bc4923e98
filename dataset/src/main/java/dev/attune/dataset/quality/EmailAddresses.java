package dev.attune.dataset.quality;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * E-mail addresses of people. Not those of offices ({@code support@…}), of documentation ({@code …@example.com}, RFC 2606),
 * of {@code git@host:path}, nor file names such as {@code logo@2x.png}.
 */
final class EmailAddresses implements SensitiveData {
    private static final CheckKind KIND = CheckKind.warning("pii_email", "an e-mail address of a person",
            "replace it, or mask it with attune prepare --mask-pii",
            "A tuned model can repeat personal data that it was trained on. Addresses of offices (support@, info@) and of example domains are not reported; masking puts the same stand-in for the same address in the whole file.")
            .fixed(Repair.ON_REQUEST);

    private static final Pattern ADDRESS = Pattern
            .compile(
                    "(?<![A-Za-z0-9._%+-])([A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\\.)+([A-Za-z]{2,24}))"
                            + "(?![A-Za-z0-9-]|\\.[A-Za-z0-9])");
    private static final Set<String> OFFICES = Set.of("support", "info", "help", "helpdesk", "contact", "hello",
            "sales",
            "service", "services", "office", "team", "admin", "administrator", "postmaster", "webmaster", "hostmaster",
            "abuse", "security", "privacy", "legal", "press", "media", "jobs", "careers", "billing", "invoice",
            "accounts", "orders", "returns", "feedback", "newsletter", "marketing", "customerservice",
            "customer-service",
            "customer.service", "customercare", "care", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply",
            "mailer-daemon", "notifications", "kontakt", "kundenservice", "hilfe", "bestellung", "rechnung", "git",
            "user",
            "username", "name", "email", "your-email", "youremail", "your.email", "someone", "example");
    private static final Set<String> FILE_TYPES = Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js",
            "ts", "json", "html", "py", "java", "md", "txt", "sh", "yml", "yaml");

    @Override
    public CheckKind kind() {
        return KIND;
    }

    @Override
    public String label() {
        return "EMAIL";
    }

    @Override
    public String canonical(String value) {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public void find(String text, TextSigns signs, Places places) {
        if (!signs.hasAt()) {
            return;
        }
        Matcher matcher = ADDRESS.matcher(text);
        while (matcher.find()) {
            String local = matcher.group(1).toLowerCase(Locale.ROOT);
            String domain = matcher.group(2).toLowerCase(Locale.ROOT);
            boolean password = Context.is(text, matcher.start() - 1, ':') && Context.is(text, matcher.start() - 2, '/');
            if (!OFFICES.contains(local) && !ofDocumentation(domain) && !password
                    && !FILE_TYPES.contains(matcher.group(3).toLowerCase(Locale.ROOT))) {
                places.found(matcher.start(), matcher.end());
            }
        }
    }

    private static boolean ofDocumentation(String domain) {
        return domain.matches("(?:.*\\.)?(?:example|test|invalid|localhost)(?:\\.(?:com|org|net|edu))?")
                || domain.matches("(?:your-?)?(?:domain|company|email)\\.(?:com|org|net)");
    }
}
