/** Tensors, the files they come in, their memory and threads, and the optimizers: what is not about language models. */
@NullMarked
package dev.attune.engine.tensor;

import org.jspecify.annotations.NullMarked;
