package dev.attune.dataset.report;

import dev.attune.dataset.Severity;
import dev.attune.dataset.target.Target;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a check of one or more files found. Immutable.
 *
 * @param checked what was looked at; figures of what was not are 0 or empty
 */
public record CheckReport(Target target, Set<CheckGroup> checked, List<FileReport> files, List<EvalReport> evalSets) {
    public CheckReport {
        checked = CheckGroup.withRules(checked);
        files = List.copyOf(files);
        evalSets = List.copyOf(evalSets);
    }

    /** The findings of all files. */
    public Stream<FindingGroup> findings() {
        return Stream.concat(files.stream().flatMap(file -> file.findings().stream()),
                evalSets.stream().flatMap(set -> set.findings().stream()));
    }

    /** How many problems of one severity there are. */
    public long count(Severity severity) {
        return findings().filter(group -> group.severity() == severity).mapToLong(FindingGroup::count).sum();
    }

    /** Whether something is as bad as that, or worse. */
    public boolean has(Severity severity) {
        return findings().anyMatch(group -> group.severity().compareTo(severity) <= 0);
    }

    /** Whether something was left out of the check. */
    public boolean isNarrowed() {
        return checked.size() < CheckGroup.values().length;
    }

    /** Whether every file could be checked. */
    public boolean isUsable() {
        return files.stream().allMatch(FileReport::isUsable) && evalSets.stream().allMatch(EvalReport::isUsable);
    }
}
