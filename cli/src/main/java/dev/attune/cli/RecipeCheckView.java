package dev.attune.cli;

import dev.attune.dataset.CostEstimate;
import dev.attune.dataset.DatasetReport;
import dev.attune.workflow.Provider;
import dev.attune.workflow.Recipe;
import dev.attune.workflow.RecipeCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code attune run --check} prints: the steps that would be taken, what they take, and everything that is wrong. */
final class RecipeCheckView {
    private final Screen screen;
    private final List<Path> modelFolders;

    /** @param modelFolders where base models are, for an estimate of the time */
    RecipeCheckView(Screen screen, List<Path> modelFolders) {
        this.screen = screen;
        this.modelFolders = modelFolders;
    }

    void print(RecipeCheck found) {
        screen.title("What " + Folders.shown(found.recipe().source()) + " would do");
        for (RecipeCheck.Planned step : found.steps()) {
            line(step.step().ordinal() + 1 + " " + String.format(Locale.ROOT, "%-9s", step.step().key()),
                    step.sentence());
        }
        if (found.steps().isEmpty()) {
            screen.line("  " + "That can be said once the problems below are mended.");
        }
        found.data().flatMap(data -> estimate(found, data)).ifPresent(sentence -> line("  " + "takes    ", sentence));
        if (!found.warnings().isEmpty()) {
            screen.title("Worth knowing");
            found.warnings().forEach(warning -> line(screen.paint(Style.YELLOW, "!"), warning));
        }
        if (!found.problems().isEmpty()) {
            screen.title("To be mended");
            found.problems().forEach(problem -> line(screen.paint(Style.RED, "✘"), problem));
        }
        screen.line();
        screen.line(found.isReady()
                ? screen.paint(Style.GREEN, "Ready") + "; nothing was done. Run it: attune run "
                        + Folders.shown(found.recipe().source())
                : screen.paint(Style.RED, Words.count(found.problems().size(), "problem"))
                        + " to be mended first; nothing was done.");
    }

    private void line(String mark, String sentence) {
        List<String> lines = TextTable.wrap(Words.oneLine(sentence),
                Math.max(30, screen.width() - Screen.columns(mark) - 4));
        String space = " ".repeat(Screen.columns(mark));
        for (int i = 0; i < lines.size(); i++) {
            screen.line("  " + (i == 0 ? mark : space) + " " + lines.get(i));
        }
    }

    /** How long tuning takes, where the base model is at hand; providers that bill say their price in the step itself. */
    private Optional<String> estimate(RecipeCheck found, DatasetReport data) {
        Recipe recipe = found.recipe();
        if (recipe.provider() != Provider.ATTUNE || found.trainRows() <= 0) {
            return Optional.empty();
        }
        double share = Math.min(1, (double) found.trainRows() / Math.max(1, data.tokens().perRow().size()));
        return BaseModels.find(recipe.base(), modelFolders).map(folder -> {
            CostEstimate cost = LocalModel.estimate(recipe.base(), folder, data.tokens(), share,
                    recipe.tune().epochs());
            return "tuning: " + ReportView.sentence(cost);
        });
    }
}
