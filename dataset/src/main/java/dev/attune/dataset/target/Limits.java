package dev.attune.dataset.target;

import dev.attune.dataset.Overlong;

/**
 * How much a provider takes. Sizes are in bytes; 0 stands for no limit, or none that is known.
 *
 * @param uploadBytes the largest file that is uploaded in one piece
 * @param fileBytes the largest file at all; more than {@code uploadBytes} where it can be uploaded in parts
 * @param exampleTokens the most tokens of one row
 * @param overlong what happens to a row with more
 * @param imagesPerExample the most images in one row
 * @param imageExamples the most rows with images in one file
 * @param imageBytes the largest image
 * @param jobTokens the most tokens of a job: those of the file times the epochs
 * @param byteOrderMark whether a file must begin with a UTF-8 byte order mark
 */
public record Limits(long uploadBytes, long fileBytes, int exampleTokens, Overlong overlong, int imagesPerExample,
        int imageExamples, long imageBytes, long jobTokens, boolean byteOrderMark) {
    private static final long MEGABYTE = 1L << 20;

    /** OpenAI's guides: 512 MB, 8 GB through the Uploads API, 10 images a row, 50,000 rows with images, 10 MB an image. */
    static Limits openAi(int exampleTokens) {
        return new Limits(512 * MEGABYTE, 8192 * MEGABYTE, exampleTokens, Overlong.CUT, 10, 50_000, 10 * MEGABYTE, 0,
                false);
    }

    /** Azure's: 512 MB, 64 images a row, two billion tokens a job, and a byte order mark. */
    static Limits azure(int exampleTokens) {
        return new Limits(512 * MEGABYTE, 512 * MEGABYTE, exampleTokens, Overlong.CUT, 64, 50_000, 10 * MEGABYTE,
                2_000_000_000L, true);
    }

    /** Those of Attune's own trainer, which cuts nothing. */
    static Limits attune(int exampleTokens) {
        return new Limits(0, 0, exampleTokens, Overlong.REFUSED, 0, 0, 0, 0, false);
    }
}
