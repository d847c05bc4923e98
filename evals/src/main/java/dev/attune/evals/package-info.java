/** Scorers, statistics, comparisons: whether a tuned model is better, by how much, and how sure that is. */
@NullMarked
package dev.attune.evals;

import org.jspecify.annotations.NullMarked;
