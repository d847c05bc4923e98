package dev.attune.evals.decide;

import java.util.List;

/** The gate as JUnit XML, which every CI shows: a refused rule is a failure, an undecided one an error. */
public final class EvalJUnit {
    private EvalJUnit() {}

    public static String of(EvalReport report) {
        List<Decision.Check> checks = report.decision().checks();
        long failures = checks.stream().filter(check -> check.verdict() == Decision.Verdict.REFUSED).count();
        long errors = checks.stream().filter(check -> check.verdict() == Decision.Verdict.UNDECIDED).count();
        var out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"")
                .append(Markup.escape(report.title())).append("\" tests=\"").append(checks.size())
                .append("\" failures=\"").append(failures)
                .append("\" errors=\"").append(errors).append("\">\n");
        for (Decision.Check check : checks) {
            out.append("    <testcase classname=\"gate\" name=\"").append(Markup.escape(check.rule())).append("\">");
            String sentence = Markup.escape(check.sentence());
            switch (check.verdict()) {
                case PASSED -> out.append("<system-out>").append(sentence).append("</system-out>");
                case REFUSED -> out.append("<failure message=\"").append(sentence).append("\"/>");
                case UNDECIDED -> out.append("<error message=\"").append(sentence).append("\"/>");
            }
            out.append("</testcase>\n");
        }
        for (ScorerResult scorer : report.scorers()) {
            out.append("    <!-- ")
                    .append(Markup.escape(scorer.scorer() + " " + scorer.sentence()).replace("--", "- -"))
                    .append(" -->\n");
        }
        return out.append("  </testsuite>\n</testsuites>\n").toString();
    }
}
