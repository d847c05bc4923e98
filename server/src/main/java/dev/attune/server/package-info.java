/** The OpenAI protocol over HTTP: files, jobs, events, checkpoints, models, chat; one store; one queue. */
@NullMarked
package dev.attune.server;

import org.jspecify.annotations.NullMarked;
