package dev.attune.dataset.report;

import dev.attune.dataset.quality.Repair;
import java.util.List;

/** The catalogue as the page {@code docs/checks.md}. */
final class CatalogPage {
    private CatalogPage() {}

    static String of(List<CheckEntry> entries) {
        var page = new StringBuilder(
                """
                        # Every code that a check can say

                        `attune check` groups problems by these codes, and `attune check --explain CODE` says the same in the terminal. A code never
                        changes its meaning. Severity: an **error** keeps the file from being trained on, or would train something that nobody
                        meant; a **warning** is for a person to look at; **advice** is a way to a better model. Mended by: `--fix` of
                        `attune check`, which `attune prepare` does too, or `--mask-pii` of `attune prepare`; where nothing stands, a person decides.

                        This page is made from the catalogue in `dev.attune.dataset.report`, and a test keeps it in step.
                        """);
        String family = "";
        for (CheckEntry entry : entries) {
            if (!entry.family().equals(family)) {
                family = entry.family();
                page.append("\n## ").append(family)
                        .append("\n\n| code | severity | what it is | mended by |\n|---|---|---|---|\n");
            }
            page.append("| `").append(entry.code()).append("` | ").append(entry.severity()).append(" | **")
                    .append(cell(entry.title())).append(".** ").append(cell(entry.explanation())).append(" | ")
                    .append(entry.repair() == Repair.SAFE
                            ? "`--fix`"
                            : entry.repair() == Repair.ON_REQUEST ? "`--mask-pii`" : "")
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
    }
}
