/** Running a server: settings and limits, health and metrics, backup, the doctor. */
@NullMarked
package dev.attune.server.operating;

import org.jspecify.annotations.NullMarked;
