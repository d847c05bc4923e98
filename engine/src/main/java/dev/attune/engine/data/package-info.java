/** A job's examples: encoded once, on disk, in an order that follows from the seed. */
@NullMarked
package dev.attune.engine.data;

import org.jspecify.annotations.NullMarked;
