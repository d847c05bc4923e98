package dev.attune.evals;

import java.util.List;

/** The scorers that ship, by name. */
public final class Scorers {
    private static final List<Scorer> ALL = List.of(new ExactScorer(), new JsonFieldsScorer(), new ContainsScorer());

    private Scorers() {}

    /** The names that {@link #named} knows. */
    public static List<String> names() {
        return ALL.stream().map(Scorer::name).toList();
    }

    /**
     * A scorer by its name.
     *
     * @throws IllegalArgumentException where there is none of the name; the message lists those there are
     */
    public static Scorer named(String name) {
        return ALL.stream().filter(scorer -> scorer.name().equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException(
                        "There is no scorer '" + name + "'; there are " + String.join(", ", names()) + "."));
    }
}
