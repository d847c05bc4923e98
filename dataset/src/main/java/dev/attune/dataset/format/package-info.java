/**
 * The formats that people keep examples in: told apart by content, read, and written as another.
 *
 * <p>{@link dev.attune.dataset.format.DataFiles} says what a file is, {@link dev.attune.dataset.format.Converter} writes it
 * as something else, and {@link dev.attune.dataset.format.ConversionReport} says what became of every key.
 */
@NullMarked
package dev.attune.dataset.format;

import org.jspecify.annotations.NullMarked;
