/** Base models in Hugging Face layout, LoRA adapters in PEFT layout, training, sampling: what all parts of the engine share. */
@NullMarked
package dev.attune.engine;

import org.jspecify.annotations.NullMarked;
