package dev.attune.pretraining;

import dev.attune.pretraining.Lesson.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The densest exercises: a row of strings said again and again, and pairs recalled in another order. Only what can be
 * known from before is trained, which is most of it; so heads that copy form early (Olsson et al., 2022, call them
 * induction heads), and everything else builds on them.
 */
final class Drills {
    private static final String[] SEPARATORS = {" ", "\n", ", ", "; ", " | ", " / ", "\",\"", " - ", ": "};

    private Drills() {}

    /** The same strings in the same order, three to five times; the separator may change. */
    static Lesson again(Dice dice) {
        var words = strings(dice, dice.between(6, 14));
        String separator = dice.of(SEPARATORS);
        var parts = new ArrayList<Part>();
        int times = dice.between(3, 5);
        for (int i = 0; i < times; i++) {
            String between = i == 0 || dice.chance(0.6) ? separator : dice.of(SEPARATORS);
            parts.add(new Part(String.join(between, words), i > 0));
            parts.add(new Part("\n", false));
        }
        return new Lesson.Drill(parts);
    }

    /** Pairs; then the same pairs in other orders, of which the second halves are trained. */
    static Lesson pairs(Dice dice) {
        int count = dice.between(3, 8);
        var keys = distinct(dice, count);
        var values = strings(dice, count);
        String is = dice.of(" ", ": ", "=", " is ", " -> ", " has ", "\":\"");
        String end = dice.of(", ", "\n", "; ", "\",\"");
        var parts = new ArrayList<Part>();
        int times = dice.between(3, 4);
        for (int i = 0; i < times; i++) {
            for (int at : i == 0 ? Copying.indices(count) : dice.shuffled(Copying.indices(count))) {
                parts.add(new Part(keys.get(at) + is, false));
                parts.add(new Part(values.get(at), i > 0));
                parts.add(new Part(end, false));
            }
        }
        return new Lesson.Drill(parts);
    }

    /** A sentence that ends in strings, said twice. */
    static Lesson recall(Dice dice) {
        var parts = new ArrayList<Part>();
        int count = dice.between(2, 3);
        for (int i = 0; i < count; i++) {
            String text = Noise.capital(Grammar.english().rule("scene", dice)) + " "
                    + Copying.strings(dice, dice.between(1, 4), " ") + ".";
            parts.add(new Part(text + "\n", false));
            parts.add(new Part(text, true));
            parts.add(new Part("\n", false));
        }
        return new Lesson.Drill(parts);
    }

    private static List<String> distinct(Dice dice, int count) {
        var keys = new ArrayList<String>();
        while (keys.size() < count) {
            String key = Copying.strings(dice, 1, " ");
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static List<String> strings(Dice dice, int count) {
        var words = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            words.add(Copying.strings(dice, 1, " "));
        }
        return words;
    }
}
