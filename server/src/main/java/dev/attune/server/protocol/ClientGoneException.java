package dev.attune.server.protocol;

import java.io.IOException;

/** The client hung up before its answer was ready; nobody is there to be told. */
public final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    public ClientGoneException() {
        super("the client has hung up");
    }
}
