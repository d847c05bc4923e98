package dev.attune.dataset.report;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a check can be narrowed to. Rows are always read and held against the rules, since a row that breaks them is nothing else. */
public enum CheckGroup {
    /** Reading, form, roles, tools, images, and what the provider takes. */
    RULES,
    /** Tokens of rows, those that are trained, what is cut, and the price. */
    TOKENS,
    /** Exact and near duplicates, contradictions, and what files share. */
    REPEATS,
    /** How often labels stand, and instructions that vary or are missing. */
    BALANCE,
    /** Personal data and secrets. */
    PRIVACY,
    /** What else hurts training: cut answers, damaged characters, languages, templates, lengths. */
    QUALITY;

    /** All groups, in order. */
    public static Set<CheckGroup> all() {
        return Collections.unmodifiableSet(EnumSet.allOf(CheckGroup.class));
    }

    /** These groups and {@link #RULES}, in order. */
    static Set<CheckGroup> withRules(Set<CheckGroup> groups) {
        var all = EnumSet.of(RULES);
        all.addAll(groups);
        return Collections.unmodifiableSet(all);
    }
}
