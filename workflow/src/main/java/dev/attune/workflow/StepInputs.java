package dev.attune.workflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a step depends on, by name: a step whose inputs are as they were need not be done again. */
final class StepInputs {
    private static final int HASH_LENGTH = 64;

    private final Map<String, String> values = new LinkedHashMap<>();

    StepInputs with(String name, Object value) {
        values.put(name, String.valueOf(value));
        return this;
    }

    Map<String, String> asMap() {
        return Map.copyOf(values);
    }

    /** What is not as it was, in words: {@code data.train changed, tune.epochs is 5 and was 3}. */
    static String difference(Map<String, String> before, Map<String, String> now) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        return names.stream().filter(name -> !now.getOrDefault(name, "").equals(before.getOrDefault(name, "")))
                .map(name -> change(name, before.getOrDefault(name, ""), now.getOrDefault(name, "")))
                .collect(Collectors.joining(", "));
    }

    private static String change(String name, String before, String now) {
        boolean hashes = before.length() == HASH_LENGTH || now.length() == HASH_LENGTH;
        return hashes || before.isEmpty() || now.isEmpty()
                ? name + " changed"
                : name + " is " + now + " and was " + before;
    }
}
