/** From scores to a decision: comparisons, slices, the gate, and the forms that a report takes. */
@NullMarked
package dev.attune.evals.decide;

import org.jspecify.annotations.NullMarked;
