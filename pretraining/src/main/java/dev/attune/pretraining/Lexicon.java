package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words by meaning: classes such as {@code fruit} or {@code emotion happy}, each a list of words. Immutable, one for
 * all.
 */
final class Lexicon {
    private static final Lexicon ENGLISH = load();

    private final Map<String, List<String>> classes;
    private final Map<String, String> classOf = new HashMap<>();

    private Lexicon(Map<String, List<String>> classes) {
        this.classes = Collections.unmodifiableMap(classes);
        classes.forEach((name, words) -> words.forEach(word -> classOf.putIfAbsent(word, name)));
    }

    static Lexicon english() {
        return ENGLISH;
    }

    private static Lexicon load() {
        var classes = new LinkedHashMap<String, List<String>>();
        for (String line : Resources.lines("lexicon.txt")) {
            int colon = line.indexOf(':');
            var words = new ArrayList<String>();
            for (String word : line.substring(colon + 1).split(",", -1)) {
                words.add(word.strip());
            }
            classes.put(line.substring(0, colon).strip(), List.copyOf(words));
        }
        return new Lexicon(classes);
    }

    boolean has(String name) {
        return classes.containsKey(name);
    }

    /** The words of a class, or of the class that a word belongs to ({@code courier} stands for all like it). */
    List<String> words(String nameOrWord) {
        var words = classes.get(nameOrWord);
        if (words != null) {
            return words;
        }
        var owner = classOf.get(nameOrWord);
        return owner == null ? List.of() : classes.getOrDefault(owner, List.of());
    }

    List<String> names() {
        return List.copyOf(classes.keySet());
    }
}
