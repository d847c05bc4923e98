package dev.attune.server.http;

import org.jspecify.annotations.Nullable;

/** Why a server could not listen, as a sentence. */
final class ListenFailure {
    private ListenFailure() {}

    static String sentence(String host, int port, RuntimeException e) {
        for (@Nullable
        Throwable at = e; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage());
            if (message.contains("already in use") || message.contains("Port already in use")) {
                return "Port " + port + " on " + host
                        + " is in use by another program; stop it, or choose another port (0 picks a free one).";
            }
            if (message.contains("ermission denied")) {
                return "Port " + port + " on " + host
                        + " needs rights that this user does not have; choose a port above 1023.";
            }
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "The server cannot listen on " + host + ":" + port + ": " + root.getMessage()
                + "; choose an address of this machine.";
    }
}
