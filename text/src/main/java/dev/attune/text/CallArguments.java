package dev.attune.text;

import java.util.List;
import java.util.Map;

/** The values that a function, method, filter or test of a chat template is given. */
record CallArguments(String callee, List<Object> positional, Map<String, Object> named) {

    /** Refuses more arguments than the callee knows, or others. */
    CallArguments expect(String... names) {
        if (positional.size() > names.length) {
            throw new TemplateError("'" + callee + "' takes at most " + names.length + " arguments");
        }
        named.forEach((name, _) -> {
            if (!List.of(names).contains(name)) {
                throw new TemplateError("'" + callee + "' has no argument '" + name + "'");
            }
        });
        return this;
    }

    boolean has(int place, String name) {
        return place < positional.size() || named.containsKey(name);
    }

    /** An argument by place or name, or what stands for it where it is absent. */
    Object get(int place, String name, Object absent) {
        return place < positional.size() ? positional.get(place) : named.getOrDefault(name, absent);
    }

    Object required(int place, String name) {
        if (!has(place, name)) {
            throw new TemplateError("'" + callee + "' needs the argument '" + name + "'");
        }
        return get(place, name, Python.NONE);
    }

    String text(int place, String name) {
        return required(place, name) instanceof String s ? s : wrong(name, "a string");
    }

    String text(int place, String name, String absent) {
        return get(place, name, absent) instanceof String s ? s : wrong(name, "a string");
    }

    long integer(int place, String name, long absent) {
        return PythonNumbers.integer(get(place, name, absent));
    }

    boolean flag(int place, String name, boolean absent) {
        return Python.truth(get(place, name, absent));
    }

    private String wrong(String name, String wanted) {
        throw new TemplateError("the argument '" + name + "' of '" + callee + "' must be " + wanted);
    }
}
