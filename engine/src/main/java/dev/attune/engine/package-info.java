/** Base models in Hugging Face layout, LoRA adapters in PEFT layout, training, sampling. */
@NullMarked
package dev.attune.engine;

import org.jspecify.annotations.NullMarked;
