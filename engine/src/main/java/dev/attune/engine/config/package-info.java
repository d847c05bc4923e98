/** What a model is, before any weight is read: {@code config.json} of all families, rope, the layout of checkpoints, and the shape of adapters. */
@NullMarked
package dev.attune.engine.config;

import org.jspecify.annotations.NullMarked;
