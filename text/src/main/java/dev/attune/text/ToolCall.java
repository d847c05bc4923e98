package dev.attune.text;

/**
 * A function that the model asks to be called.
 *
 * @param arguments the arguments as JSON text, as the wire carries them
 */
public record ToolCall(String id, String name, String arguments) {}
