package dev.attune.server.store;

/** Why a server cannot start or go on; the message is one sentence that says what, where and what to do. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ServerException(String message) {
        super(message);
    }

    public ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
