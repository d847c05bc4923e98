package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A set of labels of which one fits a message, from {@code labels.txt} or made of classes of the lexicon.
 *
 * @param keys the names the question goes by
 */
record Labels(List<String> keys, List<Label> labels) {
    static final List<Labels> WRITTEN = load();

    private static final List<String> TOPICS = Lexicon.english().names().stream()
            .filter(name -> !List
                    .of("common", "vocabulary", "adjective", "abbreviation", "misc noun", "filler", "number word",
                            "first name", "last name", "greeting",
                            "thanks", "bye", "unit", "status", "neutral", "past verb", "adverb", "broken verb",
                            "urgent", "relaxed", "praise", "complain", "size", "room",
                            "body", "department")
                    .contains(name))
            .toList();

    /**
     * One label.
     *
     * @param names the label and other names for it
     * @param sentences what is said where it fits
     */
    record Label(List<String> names, List<String> sentences) {
        String name() {
            return names.getFirst();
        }
    }

    private static List<Labels> load() {
        var sets = new ArrayList<Labels>();
        var labels = new ArrayList<Label>();
        var sentences = new ArrayList<String>();
        for (String line : Resources.lines("labels.txt")) {
            if (line.startsWith("==")) {
                labels = new ArrayList<>();
                sets.add(new Labels(List.of(line.substring(2).strip().split(" *\\| *", -1)), labels));
            } else if (line.startsWith(" ")) {
                sentences.add(line.strip());
            } else {
                sentences = new ArrayList<>();
                labels.add(new Label(List.of(line.strip().split(" *\\| *", -1)), sentences));
            }
        }
        return List.copyOf(sets);
    }

    static Labels any(Dice dice) {
        return dice.chance(0.6) ? dice.pick(WRITTEN) : topics(dice, dice.between(2, 5));
    }

    /** Labels that are classes of words. */
    static Labels topics(Dice dice, int count) {
        var labels = new ArrayList<Label>();
        for (String topic : dice.sample(TOPICS, count)) {
            var sentences = new ArrayList<String>();
            for (String template : Grammar.english().alternatives("mention")) {
                sentences.add(template.replace("{w}", "{" + topic + "}").replace("{x}", "{" + topic + "}"));
            }
            labels.add(new Label(List.of(topic.replace("emotion ", "")), sentences));
        }
        return new Labels(List.of("topic", "category", "kind", "class", "subject", "theme"), labels);
    }

    /** A part of the set, with the names that this example uses. */
    Labels some(Dice dice) {
        int count = labels.size() <= 2 ? labels.size() : dice.between(Math.max(2, labels.size() - 2), labels.size());
        boolean others = dice.chance(0.35);
        var chosen = dice.sample(labels, count).stream()
                .map(label -> new Label(List.of(others ? dice.pick(label.names()) : label.name()), label.sentences()))
                .toList();
        return new Labels(keys, chosen);
    }

    static String sentence(Label label, Dice dice) {
        return Grammar.english().expand(dice.pick(label.sentences()), dice, Map.of());
    }
}
