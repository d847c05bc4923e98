/** The decoder, forward and backward, its weights from their files, and LoRA adapters on it. */
@NullMarked
package dev.attune.engine.model;

import org.jspecify.annotations.NullMarked;
