/** Base models from a Hugging Face compatible hub: only the files that make the model, resumed, checked, whole or not at all. */
@NullMarked
package dev.attune.engine.hub;

import org.jspecify.annotations.NullMarked;
