package dev.attune.dataset;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of one row, read as one JSON object, and what is wrong with it as text.
 *
 * @param parsed the value with the faults that the text has as JSON
 * @param findings those faults as problems of the row's line, and whatever is found after
 */
record StrictRow(String text, StrictJson.Parsed parsed, Findings findings) {

    /** Reads a row's bytes, which the caller has decoded. */
    static StrictRow of(int line, StrictUtf8.Decoded decoded, byte[] bytes) {
        var findings = new Findings(line);
        String text = decoded.text();
        if (decoded.faultAt() >= 0) {
            findings.add("invalid_utf8", Severity.ERROR, "",
                    "byte %d of the line (0x%02X) is not UTF-8; save the file as UTF-8".formatted(decoded.faultAt() + 1,
                            bytes[decoded.faultAt()] & 0xFF),
                    Findings.around(text, text.indexOf('\uFFFD')));
            return new StrictRow(text, new StrictJson.Parsed(false, null, List.of()), findings);
        }
        var parsed = StrictJson.parse(text);
        for (var fault : parsed.faults()) {
            findings.add(fault.code(), Severity.ERROR, fault.pointer(),
                    fault.code().equals("invalid_json") && fault.column() > 0
                            ? "the line is not valid JSON at column " + fault.column() + ": " + fault.message()
                            : fault.message(),
                    Findings.around(text, fault.column()));
        }
        if (parsed.readable() && !(parsed.value() instanceof Map)) {
            findings.error("data_type", "", "the line must be a JSON object, {\"messages\": [...]}", parsed.value());
        }
        return new StrictRow(text, parsed, findings);
    }

    /** The object, or null where the text is none; one with a fault in it is still an object. */
    @SuppressWarnings("unchecked")
    @Nullable Map<String, Object> object() {
        return parsed.value() instanceof Map<?, ?> ? (Map<String, Object>) parsed.value() : null;
    }
}
