/**
 * Everything that can be said of files before they are trained on, as one report: {@link dev.attune.dataset.report.FileChecker}
 * makes it, {@link dev.attune.dataset.report.CheckReport} holds it, {@link dev.attune.dataset.report.JsonReport} and
 * {@link dev.attune.dataset.report.HtmlReport} write it.
 */
@NullMarked
package dev.attune.dataset.report;

import org.jspecify.annotations.NullMarked;
