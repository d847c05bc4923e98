package dev.attune.dataset.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Pieces of a line that are replaced; what lies between them keeps its bytes. Not thread-safe. */
final class LineEdit {
    private final String line;
    private final boolean ascii;
    private final List<Replacement> replacements = new ArrayList<>();

    private record Replacement(int start, int end, String text) {}

    LineEdit(String line) {
        this.line = line;
        this.ascii = line.chars().allMatch(c -> c < 128);
    }

    void replace(int start, int end, String text) {
        replacements.add(new Replacement(start, end, text));
    }

    void replace(JsonSpan.Text text, String value) {
        replace(text.start(), text.end(),
                JsonLiteral.changed(line.substring(text.start(), text.end()), text.value(), value, ascii));
    }

    String quote(String value) {
        return JsonLiteral.quote(value, ascii);
    }

    String raw(JsonSpan span) {
        return line.substring(span.start(), span.end());
    }

    /** The line with all replacements, which must not overlap. */
    String result() {
        if (replacements.isEmpty()) {
            return line;
        }
        var result = new StringBuilder(line.length());
        int at = 0;
        replacements.sort(Comparator.comparingInt(Replacement::start));
        for (Replacement replacement : replacements) {
            result.append(line, at, replacement.start).append(replacement.text);
            at = replacement.end;
        }
        return result.append(line, at, line.length()).toString();
    }
}
