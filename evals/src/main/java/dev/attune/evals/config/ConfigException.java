package dev.attune.evals.config;

import java.util.List;

/** Something that a person wrote cannot be used; names every problem at once. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblems.Problem> problems;

    ConfigException(String source, List<ConfigProblems.Problem> problems) {
        super(problems.size() == 1
                ? source + ", " + problems.getFirst()
                : source + " has " + problems.size() + " problems: "
                        + String.join(" ", problems.stream().map(ConfigProblems.Problem::toString).toList()));
        this.problems = List.copyOf(problems);
    }

    public List<ConfigProblems.Problem> problems() {
        return problems;
    }
}
