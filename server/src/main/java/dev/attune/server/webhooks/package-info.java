/** Webhooks: who is told how jobs and batches end. */
@NullMarked
package dev.attune.server.webhooks;

import org.jspecify.annotations.NullMarked;
