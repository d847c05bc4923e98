/** The product as a stranger meets it. */
@NullMarked
package dev.attune.e2e;

import org.jspecify.annotations.NullMarked;
