package dev.attune.dataset.quality;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import java.util.List;
import java.util.Optional;

/**
 * What hurts training in one dataset, a finding for each kind of problem. Immutable.
 *
 * @param findings in the order of {@link QualityChecks#kinds()}
 */
public record QualityReport(List<Finding> findings) {
    public QualityReport {
        findings = List.copyOf(findings);
    }

    /** Looks at all rows. */
    public static QualityReport of(Iterable<Row> rows) {
        var audit = new QualityAudit();
        rows.forEach(audit::row);
        return audit.end();
    }

    /** One problem for each finding, with the count and the first lines in its sentence. */
    public List<Problem> problems() {
        return findings.stream().map(Finding::problem).toList();
    }

    public Optional<Finding> finding(String code) {
        return findings.stream().filter(finding -> finding.code().equals(code)).findFirst();
    }
}
