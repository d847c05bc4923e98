/** The curriculum attune-nano learned from: a seeded generator, its tokenizer, and the pretraining run. */
@NullMarked
package dev.attune.pretraining;

import org.jspecify.annotations.NullMarked;
