package dev.attune.dataset.prepare;

import dev.attune.dataset.SplitMode;
import dev.attune.dataset.SplitPlan;
import dev.attune.dataset.format.ReadOptions;
import dev.attune.dataset.format.TargetFormat;
import dev.attune.dataset.format.Turns;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be made of which files. Immutable.
 *
 * @param inputs files of any known format, put together in this order
 * @param reading what was said about them
 * @param turns what becomes of a conversation with several answers
 * @param split how the rows are split; empty where they stay together
 * @param format what the parts are written as
 * @param keeps keys of the inputs, or columns, that are written beside the format's own
 * @param stripsMarkup whether messages that are HTML are written as their words
 * @param masksPersonalData whether personal data and secrets are replaced by stand-ins
 * @param settlesContradictions whether of rows that ask the same and answer differently only those with the commonest answer
 *            stay
 * @param skipsFaultyRows whether rows that cannot be used are left out and named; otherwise they stop everything
 */
public record PreparePlan(List<Path> inputs, ReadOptions reading, Turns turns, Optional<SplitPlan> split,
        TargetFormat format, Set<String> keeps, boolean stripsMarkup, boolean masksPersonalData,
        boolean settlesContradictions,
        boolean skipsFaultyRows) {
    public PreparePlan {
        inputs = List.copyOf(inputs);
        keeps = Set.copyOf(keeps);
    }

    /** Keys that outlive the conversion: those to be written, and those that the split asks for. */
    Set<String> keptKeys() {
        var keys = new LinkedHashSet<String>(keeps);
        keys.addAll(splitKeys());
        return keys;
    }

    /** Of them, those that are not written. */
    Set<String> unwrittenKeys() {
        Set<String> keys = splitKeys();
        keys.removeAll(keeps);
        return keys;
    }

    private Set<String> splitKeys() {
        var keys = new LinkedHashSet<String>();
        split.ifPresent(plan -> {
            keys.add(top(plan.group().name()));
            keys.add(top(plan.stratum().name()));
            if (plan.mode() instanceof SplitMode.Temporal temporal) {
                keys.add(top(temporal.time().name()));
            }
            keys.remove("");
            if (!keys.isEmpty()) {
                keys.add("metadata");
            }
        });
        return keys;
    }

    /** The key of a row that a name or JSON pointer begins with. */
    private static String top(String name) {
        return name.startsWith("/")
                ? name.substring(1).split("/", -1)[0].replace("~1", "/").replace("~0", "~")
                : name;
    }
}
