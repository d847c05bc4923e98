package dev.attune.dataset.quality;

import java.util.List;

/** All repairs of single texts, in the order in which they are made: what is no character first, then its composed form. */
final class TextRepairs {
    static final List<TextRepair> ALL = List.of(new ControlCharacters(), new HiddenCharacters(), new Composition());

    private TextRepairs() {}
}
