/**
 * Models in the forms that other programs load: PEFT adapters, merged safetensors, GGUF. What is written is read back and
 * compared before it gets its name.
 */
@NullMarked
package dev.attune.engine.export;

import org.jspecify.annotations.NullMarked;
