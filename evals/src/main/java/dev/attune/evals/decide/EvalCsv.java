package dev.attune.evals.decide;

import dev.attune.evals.run.Asker.Reply;
import dev.attune.evals.run.ModelResult;
import dev.attune.evals.run.Outcome;
import dev.attune.evals.run.ScoredRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Every answer as a row of RFC 4180: model, id, line, repeat, question, expected, answer, error, and for each scorer its score,
 * empty where there is none, and its reason. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
public final class EvalCsv {
    private EvalCsv() {}

    public static String of(EvalReport report) {
        var out = new StringBuilder();
        var header = new ArrayList<>(
                List.of("model", "id", "line", "repeat", "question", "expected", "answer", "error"));
        report.tuned().scorers().forEach(scorer -> {
            header.add(scorer);
            header.add(scorer + " reason");
        });
        line(out, header);
        report.tuned().rows().forEach(row -> row(out, report.tuned(), row));
        report.base().ifPresent(base -> base.rows().forEach(row -> row(out, base, row)));
        return out.toString();
    }

    private static void row(StringBuilder out, ModelResult result, ScoredRow row) {
        var cells = new ArrayList<>(List.of(result.model(), row.question().id(), String.valueOf(row.question().line()),
                String.valueOf(row.repeat()), row.question().text(), row.question().expected(), row.text(),
                row.reply() instanceof Reply.Failed failed ? failed.reason() : ""));
        row.outcomes().forEach(outcome -> {
            switch (outcome) {
                case Outcome.Scored scored ->
                    cells.addAll(List.of(String.valueOf(scored.score().value()), scored.score().reason()));
                case Outcome.Unscored unscored -> cells.addAll(List.of("", "not scored: " + unscored.reason()));
                case Outcome.Failed failed -> cells.addAll(List.of("", "failed: " + failed.reason()));
            }
        });
        line(out, cells);
    }

    private static void line(StringBuilder out, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            boolean formula = !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0
                    && !cell.matches("[-+]?[\\d.]+(?:[eE][-+]?\\d+)?");
            String safe = formula ? "'" + cell : cell;
            out.append(i == 0 ? "" : ",")
                    .append(safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe);
        }
        out.append("\r\n");
    }
}
