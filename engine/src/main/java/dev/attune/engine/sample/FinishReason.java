package dev.attune.engine.sample;

/** Why a generation ended: a stop token or stop text, no room for more, or at the listener's wish. */
public enum FinishReason {
    STOP, LENGTH, CANCELLED
}
