/** Benchmarks: JMH, and scripts that run a peer beside us in one run. */
@NullMarked
package dev.attune.bench;

import org.jspecify.annotations.NullMarked;
