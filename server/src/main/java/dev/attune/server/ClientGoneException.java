package dev.attune.server;

import java.io.IOException;

/** The client hung up before its answer was ready; nobody is there to be told. */
final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    ClientGoneException() {
        super("the client has hung up");
    }
}
