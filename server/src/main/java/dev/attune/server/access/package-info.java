/** Who may come in: API keys and their roles, rates, certificates. */
@NullMarked
package dev.attune.server.access;

import org.jspecify.annotations.NullMarked;
