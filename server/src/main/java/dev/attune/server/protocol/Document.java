package dev.attune.server.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/** A JSON document that is written elsewhere. */
public record Document(@JsonValue JsonNode value) implements Wire {}
