/**
 * Raw files into files to train on: {@link dev.attune.dataset.prepare.Preparation} converts, repairs and splits,
 * {@link dev.attune.dataset.prepare.FileRepair} repairs one file.
 */
@NullMarked
package dev.attune.dataset.prepare;

import org.jspecify.annotations.NullMarked;
