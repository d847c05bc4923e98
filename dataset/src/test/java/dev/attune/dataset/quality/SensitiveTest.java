package dev.attune.dataset.quality;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensitiveTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
            "Write to maria.lopez@gmail.com today.|Write to [EMAIL] today.",
            "Maria <m.lopez+shop@post.co.uk>, hello|Maria <[EMAIL]>, hello",
            "Pay to DE89 3704 0044 0532 0130 00 please|Pay to [IBAN] please",
            "GB82WEST12345698765432 is mine|[IBAN] is mine",
            "IBAN FR1420041010050500013M02606 DANKE|IBAN [IBAN] DANKE",
            "It is 4539 5787 6362 1486, exp 12/29|It is [CARD], exp 12/29",
            "my visa 4539578763621486|my visa [CARD]",
            "Amex 3714 496353 98439?|Amex 3714 496353 98439?",
            "SSN 536-22-8726.|SSN [SSN].",
            "He came from 87.155.12.34 again|He came from [IP] again",
            "Reach me at +49 30 901820 or later|Reach me at [PHONE] or later",
            "call (212) 736-5000 now|call [PHONE] now",
            "My phone is 030 / 901820-44.|My phone is [PHONE].",
            "key AKIAQ7T2ZPL5XW3MB4KD leaked|key [KEY] leaked",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a|[KEY]",
            "sk-proj-Zb3kQ9xT7LmW2vRfY8nD1cHs|[KEY]",
            "xoxb-2748391057-aQ8ZkLmP0xTv is it|[KEY] is it",
            "password: Zk8qLw2TxV5mNb7RfY1d ok|password: [SECRET] ok",
            "-----BEGIN RSA PRIVATE KEY-----MIIEowIBAAKCAQEA7bq8x1Zt0pQ=-----END RSA PRIVATE KEY----- end|[PRIVATE_KEY] end"})
    void valuesAreRecognisedAndMasked(String text, String masked) {
        assertThat(Sensitive.mask(text)).isEqualTo(masked);
        assertThat(Sensitive.mask(masked)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Write to support@acme.com or info@acme.de.", "See logo@2x.png and @Override.",
            "git@github.com:acme/tool.git", "jane@example.com, joe@mail.example.org", "@home at @work a@b",
            "DE89 3704 0044 0532 0130 01", "Order DE12345678901234567890 shipped", "Order 4539 5787 6362 1487 is late",
            "Ticket 4539578763621486", "Test with card 4242 4242 4242 4242", "card 4111111111111111",
            "Number 536-22-87261, 000-12-3456, 123-45-6789", "Router at 192.168.178.1, mask 255.255.255.0, DNS 8.8.8.8",
            "Firefox 128.0.3.1 and version 101.22.3.4, v120.1.2.3", "Chrome/120.0.0.0 docs 203.0.113.9",
            "Order 2024-11-21 12:30:45, part 030-901820", "It costs 1.234.567,89 or 123 456 789", "Call 1-800-555-0199",
            "dial +1 212-555-0143", "2+3=5 and +12345", "sk-your-api-key-goes-here-please", "AKIAIOSFODNN7EXAMPLE",
            "sk-xxxxxxxxxxxxxxxxxxxxxxxx", "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 is good",
            "token: 123e4567-e89b-12d3-a456-426614174000", "-----BEGIN PUBLIC KEY----- MIIBIjANBgkqhkiG9w0BAQEFAAOC",
            "-----BEGIN RSA PRIVATE KEY-----", "password: correct-horse-battery-staple-2024",
            "the token is in src/main/java/com/Acme2/Token3Service", "secret-santa-2024-party-list-for-everyone"})
    void whatOnlyLooksLikeThemIsLeftAlone(String text) {
        assertThat(Sensitive.mask(text)).isEqualTo(text);
    }

    @Test
    void theReportGroupsRowsAndMasksValues() {
        var lines = Lines.ordinary(10);
        lines.add(Lines.chat("Who is it?", "Ask anna.meier@web.de, she knows it."));
        lines.add(Lines.chat("And then?", "Ask anna.meier@web.de or bert.ohm@gmx.de, they know it."));
        Finding finding = Lines.check(lines).finding("pii_email").orElseThrow();
        assertThat(finding.rows()).isEqualTo(2);
        assertThat(finding.lines()).containsExactly(11, 12);
        assertThat(finding.examples().getFirst().pointer()).isEqualTo("/messages/1/content");
        assertThat(finding.problem().toString()).isEqualTo(
                "line 11, /messages/1/content: the text holds an e-mail address of a person, and 1 more row is like it (line 12); replace it, or mask it with attune prepare --mask-pii");
        assertThat(finding.toString() + finding.problem()).doesNotContain("meier").doesNotContain("ohm@");
        assertThat(finding.problem().excerpt()).isEqualTo("Ask [EMAIL], she knows it.");
    }
}
