package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A set of labels of which one fits a message, from {@code labels.txt} or made of classes of the lexicon.
 *
 * @param keys the names the question goes by
 */
record Labels(List<String> keys, List<Label> labels) {
    private static final List<String> FILES = List.of("labels.txt", "labels-attributes.txt", "labels-commands.txt",
            "labels-customers.txt", "labels-language.txt", "labels-life.txt", "labels-work.txt");

    /** What a label that fits where nothing is said may be called. */
    private static final List<String> DEFAULTS = List.of("normal", "neutral", "medium", "standard", "routine", "other",
            "none", "unknown", "general", "information");

    private static final List<Labels> WRITTEN = load();

    /** The first sets, those of {@code labels.txt} and {@code labels-attributes.txt}, are what people ask for most. */
    private static final int FREQUENT = 19;

    private static final double[] WEIGHTS = IntStream.range(0, WRITTEN.size())
            .mapToDouble(i -> (i < FREQUENT ? 8 : 1)
                    * WRITTEN.get(i).labels().stream().mapToInt(label -> label.sentences().size()).sum())
            .toArray();

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
        for (String line : FILES.stream().flatMap(file -> Resources.lines(file).stream()).toList()) {
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

    /** Different sets of the written ones; what more was written for comes up more often. */
    static List<Labels> written(Dice dice, int count) {
        var chosen = new LinkedHashSet<Labels>();
        while (chosen.size() < count) {
            chosen.add(WRITTEN.get(dice.weighted(WEIGHTS)));
        }
        return List.copyOf(chosen);
    }

    static Labels any(Dice dice) {
        return dice.chance(0.85) ? written(dice, 1).getFirst() : topics(dice, dice.between(2, 5));
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
        int most = Math.min(6, labels.size());
        int fewest = Math.max(2, Math.min(most, labels.size() - 2));
        int count = labels.size() <= 2 ? labels.size() : dice.between(dice.chance(0.25) ? 2 : fewest, most);
        boolean others = dice.chance(0.4);
        var chosen = dice.sample(labels, count).stream()
                .map(label -> new Label(List.of(others ? dice.pick(label.names()) : label.name()), label.sentences()))
                .toList();
        return new Labels(keys, chosen);
    }

    /** The set with a label that has no sentences: it fits where none of the others does. */
    Labels withDefault(Dice dice) {
        var usual = labels.stream().filter(label -> DEFAULTS.contains(label.name())).findFirst();
        String name = usual.map(Label::name).orElseGet(() -> dice.pick(DEFAULTS));
        var all = new ArrayList<Label>();
        labels.stream().filter(label -> !label.name().equals(name)).forEach(all::add);
        all.add(dice.below(all.size() + 1), new Label(List.of(name), List.of()));
        return new Labels(keys, all);
    }

    /** A sentence that fits the label; one template in ten is kept for the probes. */
    static String sentence(Label label, Dice dice) {
        String template = dice.pick(label.sentences());
        for (int tries = 0; isHeldOut(template) != dice.heldOut() && tries < 40; tries++) {
            template = dice.pick(label.sentences());
        }
        return Grammar.english().expand(template, dice, Map.of());
    }

    /** Whether training never shows a template: one in ten of those written out for a label. */
    static boolean isHeldOut(String template) {
        return Math.floorMod(template.hashCode(), 10) == 3;
    }
}
