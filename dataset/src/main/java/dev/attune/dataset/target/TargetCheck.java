package dev.attune.dataset.target;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import java.util.function.Consumer;

/** One rule that a provider has for a well-formed row. Implementations are stateless. */
interface TargetCheck {
    /** Looks at one row. */
    void check(Row row, Consumer<Problem> problems);
}
