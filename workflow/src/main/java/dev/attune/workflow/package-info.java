/** Recipes: check, split, upload, tune, measure, report; providers through openai-java. */
@NullMarked
package dev.attune.workflow;

import org.jspecify.annotations.NullMarked;
