package dev.attune.cli;

import dev.attune.engine.train.ModelCheck;
import java.util.Locale;

/** The check of a base model's folder as a person reads it. */
final class ModelCheckView {
    private ModelCheckView() {}

    static void print(ModelCheck check, Screen screen) {
        check.facts().ifPresent(facts -> {
            var table = new TextTable("", "");
            table.row(screen.paint(Style.DIM, "family"), facts.family());
            table.row(screen.paint(Style.DIM, "parameters"), Words.count(facts.parameters())
                    + (facts.storedAs().isEmpty() ? "" : ", stored as " + facts.storedAs()));
            table.row(screen.paint(Style.DIM, "shape"), Words.count(facts.layers(), "layer") + " of "
                    + Words.count(facts.hiddenSize()) + ", vocabulary of " + Words.count(facts.vocabularySize()));
            table.row(screen.paint(Style.DIM, "context"), Words.count(facts.context(), "token"));
            table.row(screen.paint(Style.DIM, "adapter"),
                    Words.count(facts.adapterParameters()) + " trained parameters");
            table.row(screen.paint(Style.DIM, "memory"), "about " + bytes(facts.memory().serving()) + " to answer, "
                    + bytes(facts.memory().tightTuning()) + " to " + bytes(facts.memory().tuning()) + " to tune");
            table.print(screen);
        });
        check.remarks().forEach(remark -> screen.line("  " + screen.paint(Style.YELLOW, "note ") + remark));
        check.problems().forEach(problem -> screen.line("  " + screen.paint(Style.RED, "problem ") + problem));
        screen.line(check.passes()
                ? screen.paint(Style.GREEN, "✓") + " " + check.directory() + " loads and can be tuned"
                : screen.paint(Style.RED, "✗") + " " + check.directory() + " cannot be tuned: "
                        + Words.count(check.problems().size(), "problem"));
    }

    private static String bytes(long bytes) {
        return bytes >= 10L << 30
                ? String.format(Locale.ROOT, "%,.1f GiB", bytes / (double) (1L << 30))
                : Words.count(bytes >> 20) + " MiB";
    }
}
