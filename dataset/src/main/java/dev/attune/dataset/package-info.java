/** Examples, their formats, the checks that report every problem, splitting, token and cost estimates. */
@NullMarked
package dev.attune.dataset;

import org.jspecify.annotations.NullMarked;
