package dev.attune.workflow;

/**
 * The ids of the parts on the server.
 *
 * @param validationFileId the empty string where there is no validation
 */
record UploadedParts(String trainFileId, String validationFileId) {}
