package dev.attune.dataset.target;

import dev.attune.dataset.Problem;
import dev.attune.dataset.Row;
import dev.attune.dataset.Severity;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The images of rows, held against a provider's limits: how many, where from, how large, of which format. What is behind an
 * http address is not fetched. Not thread-safe.
 */
final class ImageAudit {
    private static final int TOKENS_OF_LOW_DETAIL = 85;
    private static final int HEAD_CHARACTERS = 64;
    private static final int PNG_COLOUR_TYPE = 25;
    private static final List<String> WRONG_ENDINGS = List.of(".gif", ".bmp", ".svg", ".tif", ".tiff", ".avif", ".heic",
            ".ico", ".pdf");

    private final Target target;
    private final Consumer<Problem> problems;
    private int rows;
    private int images;
    private int countedTokens;
    private int uncounted;

    ImageAudit(Target target, Consumer<Problem> problems) {
        this.target = target;
        this.problems = problems;
    }

    void row(Row row) {
        List<Place> found = places(row);
        if (found.isEmpty()) {
            return;
        }
        rows++;
        images += found.size();
        found.forEach(place -> look(row, place));
        int most = target.limits().imagesPerExample();
        if (most > 0 && found.size() > most) {
            tell(row, "/messages", "too_many_images", Severity.ERROR, "the row has " + found.size()
                    + " images, but " + target.provider().title() + " takes at most " + most + " in an example");
        }
    }

    /** What the file as a whole shows. */
    Images end() {
        int most = target.limits().imageExamples();
        if (most > 0 && rows > most) {
            problems.accept(Problem.ofFile("too_many_image_examples", Severity.ERROR,
                    "%,d rows have images, but %s takes at most %,d such rows in a file; leave some out".formatted(rows,
                            target.provider().title(), most)));
        }
        return new Images(rows, images, countedTokens, uncounted);
    }

    private record Place(String pointer, String url, boolean low) {}

    private static List<Place> places(Row row) {
        var places = new ArrayList<Place>();
        if (!(row.raw().get("messages") instanceof List<?> messages)) {
            return places;
        }
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Map<?, ?> message && message.get("content") instanceof List<?> parts) {
                for (int j = 0; j < parts.size(); j++) {
                    if (parts.get(j) instanceof Map<?, ?> part && part.get("image_url") instanceof Map<?, ?> image) {
                        places.add(new Place("/messages/" + i + "/content/" + j + "/image_url/url",
                                String.valueOf(image.get("url")), "low".equals(image.get("detail"))));
                    }
                }
            }
        }
        return places;
    }

    private void look(Row row, Place place) {
        countedTokens += place.low() ? TOKENS_OF_LOW_DETAIL : 0;
        uncounted += place.low() ? 0 : 1;
        String lower = place.url().substring(0, Math.min(200, place.url().length())).toLowerCase(Locale.ROOT);
        if (lower.startsWith("data:")) {
            data(row, place);
        } else if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            tell(row, place.pointer(), "invalid_image_url", Severity.ERROR,
                    "an image needs an http(s) address or a data URL (data:image/png;base64,…)");
        } else {
            String path = lower.replaceFirst("[?#].*$", "");
            WRONG_ENDINGS.stream().filter(path::endsWith).findFirst()
                    .ifPresent(ending -> tell(row, place.pointer(), "image_format", Severity.WARNING,
                            "the address ends in " + ending + ", but images must be JPEG, PNG or WEBP; " + skipped()));
        }
    }

    private void data(Row row, Place place) {
        int comma = place.url().indexOf(',');
        String payload = comma < 0 ? "" : place.url().substring(comma + 1);
        if (comma < 0 || !place.url().substring(0, comma).endsWith(";base64")) {
            tell(row, place.pointer(), "invalid_image_url", Severity.ERROR,
                    "a data URL must be data:image/TYPE;base64,…");
            return;
        }
        long bytes = payload.length() * 3L / 4;
        if (target.limits().imageBytes() > 0 && bytes > target.limits().imageBytes()) {
            tell(row, place.pointer(), "image_too_large", Severity.WARNING,
                    "the image has %.1f MB, but at most %d MB are taken; %s".formatted(bytes / 1048576.0,
                            target.limits().imageBytes() >> 20, skipped()));
        }
        byte[] head;
        try {
            head = Base64.getDecoder()
                    .decode(payload.substring(0, Math.min(HEAD_CHARACTERS, payload.length() / 4 * 4)));
        } catch (IllegalArgumentException e) {
            tell(row, place.pointer(), "invalid_image_url", Severity.ERROR, "the data URL is not base64");
            return;
        }
        format(row, place, head);
    }

    private void format(Row row, Place place, byte[] head) {
        String magic = HexFormat.of().formatHex(head);
        boolean png = magic.startsWith("89504e470d0a1a0a");
        boolean webp = magic.startsWith("52494646") && magic.startsWith("57454250", 16);
        if (!png && !webp && !magic.startsWith("ffd8ff")) {
            tell(row, place.pointer(), "image_format", Severity.WARNING,
                    "the image is neither JPEG, PNG nor WEBP; " + skipped());
        } else if (png && head.length > PNG_COLOUR_TYPE && head[PNG_COLOUR_TYPE] != 2 && head[PNG_COLOUR_TYPE] != 6) {
            tell(row, place.pointer(), "image_format", Severity.WARNING,
                    "the image's colours are grey or from a palette, but must be RGB or RGBA; " + skipped());
        }
    }

    private String skipped() {
        return target.provider().title() + " skips such an image without a word";
    }

    private void tell(Row row, String pointer, String code, Severity severity, String message) {
        problems.accept(new Problem(code, severity, row.line(), pointer, message, ""));
    }
}
