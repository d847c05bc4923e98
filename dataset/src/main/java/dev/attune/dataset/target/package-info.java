/**
 * Where a file is to be trained, and what is accepted there: {@link dev.attune.dataset.target.Target} has a provider's rules and
 * limits, {@link dev.attune.dataset.target.TargetAudit} holds a file against them.
 */
@NullMarked
package dev.attune.dataset.target;

import org.jspecify.annotations.NullMarked;
