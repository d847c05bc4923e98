/** The HTTP side: the only part that knows Javalin and Jetty; routes, errors, the description of the endpoints. */
@NullMarked
package dev.attune.server.http;

import org.jspecify.annotations.NullMarked;
