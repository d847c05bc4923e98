package dev.attune.evals.config;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with something that a person wrote, each by its JSON pointer. Not thread-safe. */
public final class ConfigProblems {
    /**
     * One problem.
     *
     * @param pointer where, by RFC 6901; empty for the whole
     * @param text what is wrong, as it continues "the value …"
     */
    public record Problem(String pointer, String text) {
        @Override
        public String toString() {
            return (pointer.isEmpty() ? "/" : pointer) + ": " + text + (text.endsWith("?") ? "" : ".");
        }
    }

    private final List<Problem> problems = new ArrayList<>();

    public void add(String pointer, String text) {
        problems.add(new Problem(pointer, text));
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** All of them, in the order found. */
    public List<Problem> all() {
        return List.copyOf(problems);
    }

    /** @throws ConfigException where there is any, which names them all */
    public void throwIfAny(String source) {
        if (!problems.isEmpty()) {
            throw new ConfigException(source, problems);
        }
    }
}
