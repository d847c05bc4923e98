package dev.attune.engine.config;

import dev.attune.engine.EngineException;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which linear layers an adapter changes, as PEFT's {@code target_modules} says it.
 *
 * @param modules names, or ends of names, such as {@code q_proj} or {@code mlp.down_proj}; empty where a pattern is given
 * @param pattern a regular expression that a whole name must match, or {@value #ALL_LINEAR}; empty where names are given
 */
public record LoraTargets(List<String> modules, String pattern) {
    static final String ALL_LINEAR = "all-linear";

    public LoraTargets {
        modules = modules == null ? List.of() : List.copyOf(modules);
        pattern = Objects.requireNonNullElse(pattern, "");
        if (modules.isEmpty() == pattern.isEmpty()) {
            throw new EngineException("An adapter's target_modules are names, a pattern or \"" + ALL_LINEAR
                    + "\"; give one of these.");
        }
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new EngineException("The pattern \"" + pattern + "\" of an adapter's target_modules is not a regular"
                    + " expression: " + e.getDescription() + ".", e);
        }
    }

    /** Every linear layer but the output head. */
    public static LoraTargets allLinear() {
        return new LoraTargets(List.of(), ALL_LINEAR);
    }

    /** The layers that have these names, or whose names end so after a dot. */
    public static LoraTargets named(List<String> modules) {
        return new LoraTargets(modules, "");
    }

    /** The layers whose whole names match a regular expression. */
    public static LoraTargets matching(String pattern) {
        return new LoraTargets(List.of(), pattern);
    }

    boolean contains(String module) {
        return pattern.equals(ALL_LINEAR) || !pattern.isEmpty() && module.matches(pattern)
                || modules.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }

    /** The value of {@code target_modules}. */
    public Object toJson() {
        return pattern.isEmpty() ? modules : pattern;
    }

    @Override
    public String toString() {
        return pattern.isEmpty() ? modules.toString() : pattern;
    }
}
