/** The home folder and its database: what is kept, its identifiers, its clock. Knows nothing of what is kept there. */
@NullMarked
package dev.attune.server.store;

import org.jspecify.annotations.NullMarked;
