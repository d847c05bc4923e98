package dev.attune.dataset.report;

import dev.attune.dataset.Severity;
import dev.attune.dataset.target.Target;
import java.util.List;
import java.util.stream.Stream;

/** What a check of one or more files found. Immutable. */
public record CheckReport(Target target, List<FileReport> files, List<EvalReport> evalSets) {
    public CheckReport {
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

    /** Whether every file could be checked. */
    public boolean isUsable() {
        return files.stream().allMatch(FileReport::isUsable) && evalSets.stream().allMatch(EvalReport::isUsable);
    }
}
