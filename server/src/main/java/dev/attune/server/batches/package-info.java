/** Batches: requests in a file, answered in the background. */
@NullMarked
package dev.attune.server.batches;

import org.jspecify.annotations.NullMarked;
