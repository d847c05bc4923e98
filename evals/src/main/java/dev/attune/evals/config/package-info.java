/** What people write down, as JSON values that know where they stand, read strictly: all problems at once, each by name. */
@NullMarked
package dev.attune.evals.config;

import org.jspecify.annotations.NullMarked;
