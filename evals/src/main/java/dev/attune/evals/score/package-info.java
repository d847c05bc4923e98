/** What an answer is worth: scorers, alone and combined. */
@NullMarked
package dev.attune.evals.score;

import org.jspecify.annotations.NullMarked;
