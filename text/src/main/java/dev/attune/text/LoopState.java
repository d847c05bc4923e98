package dev.attune.text;

import java.util.ArrayList;
import java.util.List;

/** The variable {@code loop} inside a loop: where it stands. Used by one rendering alone. */
final class LoopState {
    private final List<Object> items;
    private List<Object> lastChecked = new ArrayList<>();
    private boolean checked;
    private int at;

    LoopState(List<Object> items) {
        this.items = items;
    }

    void moveTo(int index) {
        at = index;
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> at + 1L;
            case "index0" -> (long) at;
            case "revindex" -> (long) items.size() - at;
            case "revindex0" -> items.size() - at - 1L;
            case "first" -> at == 0;
            case "last" -> at == items.size() - 1;
            case "length" -> (long) items.size();
            case "previtem" -> at > 0 ? items.get(at - 1) : new Python.Undefined("there is no previous item");
            case "nextitem" -> at + 1 < items.size()
                    ? items.get(at + 1)
                    : new Python.Undefined("there is no next item");
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "cycle" -> (Python.Callable) arguments -> {
                if (arguments.positional().isEmpty()) {
                    throw new TemplateError("loop.cycle needs a value");
                }
                return arguments.positional().get(at % arguments.positional().size());
            };
            case "changed" -> (Python.Callable) arguments -> {
                boolean same = checked && Python.equal(lastChecked, arguments.positional());
                checked = true;
                lastChecked = arguments.positional();
                return !same;
            };
            default -> new Python.Undefined("loop." + name);
        };
    }
}
