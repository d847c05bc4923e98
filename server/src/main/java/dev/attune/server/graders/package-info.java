/** Graders: what turns an answer into a number. */
@NullMarked
package dev.attune.server.graders;

import org.jspecify.annotations.NullMarked;
