/** Answers: decoding in groups, choosing tokens, shaping and stopping text. */
@NullMarked
package dev.attune.engine.sample;

import org.jspecify.annotations.NullMarked;
