/**
 * What hurts training though every row is well formed: checks that see row after row in bounded memory, and the fixes of
 * those that a machine can repair.
 */
@NullMarked
package dev.attune.dataset.quality;

import org.jspecify.annotations.NullMarked;
