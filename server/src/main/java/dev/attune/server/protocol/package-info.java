/** What a request, an answer and an error are on the wire, and who asks; freed of the HTTP library that carries them. */
@NullMarked
package dev.attune.server.protocol;

import org.jspecify.annotations.NullMarked;
