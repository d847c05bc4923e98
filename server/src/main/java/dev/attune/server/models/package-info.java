/** Base models and what jobs have made of them, and who lets them speak. */
@NullMarked
package dev.attune.server.models;

import org.jspecify.annotations.NullMarked;
