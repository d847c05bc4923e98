package dev.attune.pretraining;

import java.util.ArrayList;
import java.util.List;

/** What a message can state, from {@code slots.txt}: kinds of values with the names they go by and sentences that carry them. */
record Slots(String kind, List<String> keys, List<String> sentences) {
    static final List<Slots> ALL = load();

    private static List<Slots> load() {
        var slots = new ArrayList<Slots>();
        var sentences = new ArrayList<String>();
        for (String line : Resources.lines("slots.txt")) {
            if (line.startsWith(" ")) {
                sentences.add(line.strip());
            } else {
                int colon = line.indexOf(':');
                sentences = new ArrayList<>();
                slots.add(new Slots(line.substring(0, colon),
                        List.of(line.substring(colon + 1).strip().split(", *", -1)), sentences));
            }
        }
        return List.copyOf(slots);
    }
}
