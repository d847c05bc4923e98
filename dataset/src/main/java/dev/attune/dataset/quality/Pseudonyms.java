package dev.attune.dataset.quality;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stand-ins for personal data and secrets: {@code [EMAIL_1]} for the first address of a file, and the same wherever that
 * address stands again. Not thread-safe.
 */
final class Pseudonyms {
    private final List<SensitiveData> masked;
    private final Map<SensitiveData, Map<String, Integer>> numbers = new HashMap<>();

    /** @param masked what is replaced */
    Pseudonyms(List<SensitiveData> masked) {
        this.masked = masked;
    }

    /** The text with stand-ins for all values of one kind. */
    String replaced(SensitiveData data, String text) {
        if (!masked.contains(data)) {
            return text;
        }
        List<Sensitive.Hit> hits = Sensitive.find(text, TextSigns.of(text)).stream()
                .filter(hit -> hit.data() == data).toList();
        return Sensitive.replace(text, hits, this::standIn);
    }

    List<SensitiveData> masked() {
        return masked;
    }

    private String standIn(SensitiveData data, String value) {
        Map<String, Integer> known = numbers.computeIfAbsent(data, kind -> new HashMap<>());
        String same = data.canonical(value);
        Integer number = known.get(same);
        if (number == null) {
            number = known.size() + 1;
            known.put(same, number);
        }
        return "[" + data.label() + "_" + number + "]";
    }
}
