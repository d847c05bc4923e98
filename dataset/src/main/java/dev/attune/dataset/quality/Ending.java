package dev.attune.dataset.quality;

/** Whether a text that begins as JSON, or that holds fenced code, comes to its end. */
final class Ending {
    private Ending() {}

    /** Whether a text is the beginning of JSON and stops before its end: an object or an array that is not closed. */
    static boolean isCutJson(String text) {
        var json = new Json(text.strip());
        return json.text.length() >= 2 && "{[".indexOf(json.text.charAt(0)) >= 0 && json.isCut();
    }

    /** Whether the last fence of code, as CommonMark has it, is not closed; one behind the last line of code closes too. */
    static boolean isInsideFence(String text) {
        char open = 0;
        int width = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String mark = line.strip();
            char c = mark.isEmpty() ? 0 : mark.charAt(0);
            int run = 0;
            while (run < mark.length() && mark.charAt(run) == c) {
                run++;
            }
            boolean fence = run >= 3 && (c == '`' || c == '~');
            if (open == 0 && fence && (c == '~' || mark.indexOf('`', run) < 0)) {
                open = c;
                width = run;
            } else if (open != 0 && (fence && c == open && run >= width && run == mark.length()
                    || !fence && mark.endsWith(Character.toString(open).repeat(3)))) {
                open = 0;
            }
        }
        return open != 0;
    }

    /** Walks through JSON with a stack of what is open. */
    private static final class Json {
        private final String text;
        private final StringBuilder open = new StringBuilder();
        private int at;

        Json(String text) {
            this.text = text;
        }

        /** True where every character fits and the end comes too early; false where one does not fit, or all is there. */
        boolean isCut() {
            boolean value = true;
            while (true) {
                space();
                if (at == text.length()) {
                    return open.length() > 0;
                }
                char c = text.charAt(at);
                if (value) {
                    if (c == '{' || c == '[') {
                        at++;
                        open.append(c);
                        space();
                        value = at >= text.length() || text.charAt(at) != (c == '{' ? '}' : ']');
                        if (value && c == '{' && !key()) {
                            return at >= text.length();
                        }
                    } else if (c == '"' ? !string() : !literal()) {
                        return at >= text.length();
                    } else {
                        value = false;
                    }
                    continue;
                }
                if (open.isEmpty()) {
                    return false;
                }
                char inside = open.charAt(open.length() - 1);
                at++;
                if (c == (inside == '{' ? '}' : ']')) {
                    open.setLength(open.length() - 1);
                } else if (c != ',') {
                    return false;
                } else {
                    value = true;
                    space();
                    if (inside == '{' && !key()) {
                        return at >= text.length();
                    }
                }
            }
        }

        private boolean key() {
            if (at < text.length() && text.charAt(at) == '"' && string()) {
                space();
                if (at < text.length() && text.charAt(at) == ':') {
                    at++;
                    return true;
                }
            }
            return false;
        }

        /** Goes behind a string; false where it does not end. */
        private boolean string() {
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            return at++ < text.length();
        }

        /** Goes behind a number, true, false or null; at the end of the text its beginning is enough. */
        private boolean literal() {
            int start = at;
            while (at < text.length() && "+-.0123456789Eaeflnrstu".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            String literal = text.substring(start, at);
            boolean last = at == text.length();
            boolean fits = literal.matches("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
                    || literal.equals("true") || literal.equals("false") || literal.equals("null");
            boolean begins = literal.matches("-?[0-9.eE+-]*") || "true".startsWith(literal)
                    || "false".startsWith(literal) || "null".startsWith(literal);
            if (!fits && !(last && begins && !literal.isEmpty())) {
                at = Math.min(at, text.length() - 1);
                return false;
            }
            return true;
        }

        private void space() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
    }
}
