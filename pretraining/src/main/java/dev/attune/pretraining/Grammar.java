package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sentences from rules. In a template {@code {fruit}} is a word of the lexicon class or of a rule, {@code {this|or|}}
 * one of several texts, and a bound name such as {@code {v}} its value; all nest. Thread-safe.
 */
final class Grammar {
    private static final Grammar ENGLISH = load("grammar.txt");

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Name(String name) implements Part {}

        record Choice(List<List<Part>> options) implements Part {}
    }

    private final Map<String, List<String>> rules;
    private final Map<String, List<Part>> parsed = new ConcurrentHashMap<>();

    private Grammar(Map<String, List<String>> rules) {
        this.rules = rules;
    }

    static Grammar english() {
        return ENGLISH;
    }

    /** The rules of a resource beside this class. */
    static Grammar load(String resource) {
        var rules = new HashMap<String, List<String>>();
        var current = new ArrayList<String>();
        for (String line : Resources.lines(resource)) {
            if (line.startsWith(" ")) {
                current.add(line.strip());
            } else {
                current = new ArrayList<>();
                rules.put(line.strip(), current);
            }
        }
        return new Grammar(rules);
    }

    /** A sentence of a rule. */
    String rule(String name, Dice dice) {
        return expand(dice.pick(alternatives(name)), dice, Map.of());
    }

    /** The templates of a rule, not expanded. */
    List<String> alternatives(String rule) {
        return rules.getOrDefault(rule, List.of());
    }

    String expand(String template, Dice dice, Map<String, String> bound) {
        var out = new StringBuilder();
        write(parsed.computeIfAbsent(template, Grammar::parse), dice, bound, out);
        return out.toString();
    }

    private void write(List<Part> parts, Dice dice, Map<String, String> bound, StringBuilder out) {
        for (Part part : parts) {
            switch (part) {
                case Part.Text text -> out.append(text.text());
                case Part.Choice choice -> write(dice.pick(choice.options()), dice, bound, out);
                case Part.Name name -> writeName(name.name(), dice, bound, out);
            }
        }
    }

    private void writeName(String name, Dice dice, Map<String, String> bound, StringBuilder out) {
        var value = bound.get(name);
        if (value != null) {
            out.append(value);
            return;
        }
        var rule = rules.get(name);
        if (rule != null) {
            out.append(expand(dice.pick(rule), dice, bound));
            return;
        }
        var words = Lexicon.english().words(name);
        if (words.isEmpty()) {
            throw new IllegalStateException("no rule, class or word is called {" + name + "}");
        }
        out.append(dice.pick(words));
    }

    private static List<Part> parse(String template) {
        return new Parser(template).sequence();
    }

    private static final class Parser {
        private final String text;
        private int at;

        private Parser(String text) {
            this.text = text;
        }

        private List<Part> sequence() {
            var parts = new ArrayList<Part>();
            var literal = new StringBuilder();
            while (at < text.length() && text.charAt(at) != '}' && text.charAt(at) != '|') {
                char c = text.charAt(at++);
                if (c != '{') {
                    literal.append(c);
                    continue;
                }
                parts.add(new Part.Text(literal.toString()));
                literal.setLength(0);
                var options = new ArrayList<List<Part>>();
                options.add(sequence());
                while (text.charAt(at) == '|') {
                    at++;
                    options.add(sequence());
                }
                at++;
                parts.add(part(options));
            }
            parts.add(new Part.Text(literal.toString()));
            return List.copyOf(parts);
        }

        private static Part part(List<List<Part>> options) {
            if (options.size() == 1 && options.getFirst().size() == 1
                    && options.getFirst().getFirst() instanceof Part.Text(String name)) {
                return new Part.Name(name);
            }
            return new Part.Choice(List.copyOf(options));
        }
    }
}
