package dev.attune.dataset.quality;

import dev.attune.dataset.Severity;

/**
 * A kind of problem that is looked for. Immutable.
 *
 * @param code its stable name in snake_case, to count, to filter and to fix by
 * @param title what it is, in a few words
 * @param advice what to do, in a few words that follow a semicolon
 * @param explanation one to three sentences: why it hurts, and what is a good case that looks like it
 * @param repair whether it can be fixed by machine
 */
public record CheckKind(String code, Severity severity, String title, String advice, String explanation,
        Repair repair) {

    static CheckKind warning(String code, String title, String advice, String explanation) {
        return new CheckKind(code, Severity.WARNING, title, advice, explanation, Repair.NONE);
    }

    static CheckKind advice(String code, String title, String advice, String explanation) {
        return new CheckKind(code, Severity.ADVICE, title, advice, explanation, Repair.NONE);
    }

    CheckKind fixed(Repair how) {
        return new CheckKind(code, severity, title, advice, explanation, how);
    }
}
