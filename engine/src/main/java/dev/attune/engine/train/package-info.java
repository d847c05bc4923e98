/** A job, from its directory to its result: objectives, steps, checkpoints, progress, estimates, and the processes that do it. */
@NullMarked
package dev.attune.engine.train;

import org.jspecify.annotations.NullMarked;
