/** Fine-tuning jobs: requests, the check of their files, the queue, the trainer and what it writes down, events, checkpoints. */
@NullMarked
package dev.attune.server.jobs;

import org.jspecify.annotations.NullMarked;
