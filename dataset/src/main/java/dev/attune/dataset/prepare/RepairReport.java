package dev.attune.dataset.prepare;

import dev.attune.dataset.format.ConversionReport;
import dev.attune.dataset.quality.FixReport;
import java.util.Optional;

/**
 * What was done to a file to repair it. Immutable.
 *
 * @param conversion what became of its keys; empty where it was chat JSON Lines already
 * @param fixed what was changed in its rows
 */
public record RepairReport(Optional<ConversionReport> conversion, FixReport fixed) {}
