package dev.attune.evals.decide;

import java.util.List;

/**
 * What the gate says, computed once, above all forms of the report.
 *
 * @param checks one for each rule that applied; empty where there is no gate
 */
public record Decision(List<Check> checks) {
    /** How a rule or the whole ended. */
    public enum Verdict {
        /** Promote. */
        PASSED(0),
        /** Do not promote. */
        REFUSED(1),
        /** The data do not say. */
        UNDECIDED(2);

        private final int exitCode;

        Verdict(int exitCode) {
            this.exitCode = exitCode;
        }

        /** What a process ends with. */
        public int exitCode() {
            return exitCode;
        }
    }

    /**
     * One rule.
     *
     * @param rule its key in the gate
     * @param sentence what was found, with its numbers
     */
    public record Check(String rule, Verdict verdict, String sentence) {}

    public Decision {
        checks = List.copyOf(checks);
    }

    /** Refused where any rule refuses; else undecided where any is; else passed. */
    public Verdict verdict() {
        Verdict worst = Verdict.PASSED;
        for (Check check : checks) {
            if (check.verdict() == Verdict.REFUSED) {
                return Verdict.REFUSED;
            }
            worst = check.verdict() == Verdict.UNDECIDED ? Verdict.UNDECIDED : worst;
        }
        return worst;
    }
}
