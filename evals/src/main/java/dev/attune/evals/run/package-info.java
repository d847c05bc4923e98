/** Asking models and scoring what they say: questions, the wire's face, journal, pace, budgets. */
@NullMarked
package dev.attune.evals.run;

import org.jspecify.annotations.NullMarked;
