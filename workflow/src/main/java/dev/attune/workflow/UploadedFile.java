package dev.attune.workflow;

/**
 * A file that the server keeps.
 *
 * @param status {@code uploaded}, {@code processed}, {@code error}, or what the server says
 */
public record UploadedFile(String id, String filename, long bytes, String status) {}
