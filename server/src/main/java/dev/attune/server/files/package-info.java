/** Files and uploads: their contents by hash, their rows, their endpoints. */
@NullMarked
package dev.attune.server.files;

import org.jspecify.annotations.NullMarked;
