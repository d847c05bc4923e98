package dev.attune.dataset;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of one row, read as one JSON object, and what is wrong with it as text: bytes that are not UTF-8, JSON that does
 * not parse, a key twice, half a character. The text may be spread over several lines. Not thread-safe.
 */
public final class StrictRow {
    private final String text;
    private final StrictJson.Parsed parsed;
    private final Findings findings;

    private StrictRow(String text, StrictJson.Parsed parsed, Findings findings) {
        this.text = text;
        this.parsed = parsed;
        this.findings = findings;
    }

    /**
     * Reads a row.
     *
     * @param line line of the file that the row begins on, the first is 1
     * @param bytes the row alone, without byte order mark
     */
    public static StrictRow of(int line, byte[] bytes) {
        return of(line, StrictUtf8.decode(bytes), bytes);
    }

    /** Reads a row's bytes, which the caller has decoded. */
    static StrictRow of(int line, StrictUtf8.Decoded decoded, byte[] bytes) {
        var findings = new Findings(line);
        String text = decoded.text();
        if (decoded.faultAt() >= 0) {
            findings.add(notUtf8(line, decoded, bytes));
            return new StrictRow(text, new StrictJson.Parsed(false, null, List.of()), findings);
        }
        var parsed = StrictJson.parse(text);
        for (var fault : parsed.faults()) {
            findings.add(new Problem(fault.code(), Severity.ERROR, line + fault.line() - 1, fault.pointer(),
                    fault.code().equals("invalid_json") && fault.column() > 0
                            ? "the line is not valid JSON at column " + fault.column() + ": " + fault.message()
                            : fault.message(),
                    Findings.around(text, index(text, fault))));
        }
        if (parsed.readable() && !(parsed.value() instanceof Map)) {
            findings.error("data_type", "", "the row must be a JSON object, {\"messages\": [...]}", parsed.value());
        }
        return new StrictRow(text, parsed, findings);
    }

    private static Problem notUtf8(int line, StrictUtf8.Decoded decoded, byte[] bytes) {
        int at = decoded.faultAt();
        int lineStart = 0;
        int lines = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                lines++;
                lineStart = i + 1;
            }
        }
        return new Problem("invalid_utf8", Severity.ERROR, line + lines, "",
                "byte %d of the line (0x%02X) is not UTF-8; save the file as UTF-8".formatted(at - lineStart + 1,
                        bytes[at] & 0xFF),
                Findings.around(decoded.text(), decoded.text().indexOf('\uFFFD')));
    }

    private static int index(String text, StrictJson.Fault fault) {
        int start = 0;
        for (int i = 1; i < fault.line(); i++) {
            start = text.indexOf('\n', start) + 1;
        }
        return start + fault.column();
    }

    /** The row's text; what is not UTF-8 is U+FFFD in it. */
    public String text() {
        return text;
    }

    /** The object, or null where the text is none; one with a fault in it is still an object. */
    @SuppressWarnings("unchecked")
    public @Nullable Map<String, Object> object() {
        return parsed.value() instanceof Map<?, ?> ? (Map<String, Object>) parsed.value() : null;
    }

    /** What is wrong with the text. */
    public List<Problem> problems() {
        return List.copyOf(findings.problems());
    }

    StrictJson.Parsed parsed() {
        return parsed;
    }

    Findings findings() {
        return findings;
    }
}
