/** Evaluations that were written for something else, as ours. */
@NullMarked
package dev.attune.evals.convert;

import org.jspecify.annotations.NullMarked;
