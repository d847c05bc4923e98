package dev.attune.dataset.target;

/**
 * The images of a file.
 *
 * @param rows rows that have any
 * @param images all of them
 * @param tokens tokens of those of low detail, 85 each; the file's token counts do not hold them
 * @param uncounted images of other detail, whose tokens depend on their size and are not counted
 */
public record Images(int rows, int images, int tokens, int uncounted) {
    /** No images. */
    public static final Images NONE = new Images(0, 0, 0, 0);
}
