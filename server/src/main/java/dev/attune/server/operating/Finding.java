package dev.attune.server.operating;

/**
 * What an examination found.
 *
 * @param ok whether it is as it should be
 * @param what was looked at
 * @param found how it is
 * @param advice what to do where it is not as it should be
 */
public record Finding(boolean ok, String what, String found, String advice) {}
