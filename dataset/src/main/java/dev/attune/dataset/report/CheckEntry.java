package dev.attune.dataset.report;

import dev.attune.dataset.quality.Repair;

/**
 * What a code means. Immutable.
 *
 * @param family what it is about, as a heading: {@code Reading the file}
 * @param severity as words: {@code error}, or {@code warning or error} where it depends
 * @param title what it is, in a few words
 * @param explanation why it matters and what to do, a few sentences
 * @param repair whether {@code --fix} puts it right
 */
public record CheckEntry(String code, String family, String severity, String title, String explanation,
        Repair repair) {}
