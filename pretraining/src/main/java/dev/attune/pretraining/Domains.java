package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Messages of one sort of work, from {@code domains.txt}: several ways to say the same facts in one breath.
 *
 * @param keys what each of the sentences states
 * @param kinds the kinds of the values, in the order of the keys
 * @param sentences templates in which {@code {key}} stands for a value
 */
record Domains(List<String> keys, List<String> kinds, List<String> sentences) {
    static final List<Domains> ALL = load();

    private static List<Domains> load() {
        var slotPattern = Pattern.compile("\\{([a-z ]+):([a-z_]+)\\}");
        var all = new ArrayList<Domains>();
        var sentences = new ArrayList<String>();
        for (String line : Resources.lines("domains.txt")) {
            if (line.startsWith("==")) {
                sentences = new ArrayList<>();
                all.add(new Domains(new ArrayList<>(), new ArrayList<>(), sentences));
                continue;
            }
            var domain = all.getLast();
            if (sentences.isEmpty()) {
                var slots = slotPattern.matcher(line);
                while (slots.find()) {
                    domain.kinds().add(slots.group(1));
                    domain.keys().add(slots.group(2));
                }
            }
            sentences.add(slotPattern.matcher(line.strip()).replaceAll("{$2}"));
        }
        return List.copyOf(all);
    }

    /** A sentence with these values, keys first to last. */
    String sentence(Map<String, String> values, Dice dice) {
        return Grammar.english().expand(dice.pick(sentences), dice, values);
    }
}
