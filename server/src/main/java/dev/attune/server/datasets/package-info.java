/** Datasets looked at before a job trains on them: checks and estimates. */
@NullMarked
package dev.attune.server.datasets;

import org.jspecify.annotations.NullMarked;
