/** Judges: models that say what an answer is worth, and how far they can be believed. */
@NullMarked
package dev.attune.evals.judge;

import org.jspecify.annotations.NullMarked;
