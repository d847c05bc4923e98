package dev.attune.server.chat;

/** A part of what a model says: text, or a call of a tool as it grows. */
sealed interface ReplyPart {

    /** Text for the person. */
    record Text(String text) implements ReplyPart {}

    /** A call begins; its name is known. */
    record Call(int index, String name) implements ReplyPart {}

    /** More of a call's arguments, which are JSON text. */
    record Arguments(int index, String text) implements ReplyPart {}
}
