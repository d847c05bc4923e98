package dev.attune.engine.train;

import dev.attune.engine.EngineException;

import java.util.ArrayList;
import java.util.Map;

/**
 * Which of several processes this one is, as launchers such as {@code torchrun} tell it.
 *
 * @param rank from 0
 * @param size how many there are
 * @param address host of rank 0
 * @param port where rank 0 listens
 */
record WorkerPlace(int rank, int size, String address, int port) {
    private static final int PORTS = 65_535;

    /**
     * Reads {@code RANK}, {@code WORLD_SIZE}, {@code MASTER_ADDR} and {@code MASTER_PORT}.
     *
     * @throws EngineException that names all of them that are missing or wrong
     */
    static WorkerPlace of(Map<String, String> environment) {
        var wrong = new ArrayList<String>();
        int size = number(environment, "WORLD_SIZE", 1, Integer.MAX_VALUE, wrong);
        int rank = number(environment, "RANK", 0, Math.max(0, size - 1), wrong);
        int port = number(environment, "MASTER_PORT", 1, PORTS, wrong);
        String address = environment.getOrDefault("MASTER_ADDR", "");
        if (address.isBlank()) {
            wrong.add("MASTER_ADDR must be the host of rank 0");
        }
        if (!wrong.isEmpty()) {
            throw new EngineException("The environment does not say which worker this is: " + String.join("; ", wrong)
                    + ".");
        }
        return new WorkerPlace(rank, size, address, port);
    }

    private static int number(Map<String, String> environment, String name, int least, int most,
            ArrayList<String> wrong) {
        String text = environment.getOrDefault(name, "");
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the others.
        }
        wrong.add(name + " must be a number from " + least + " to " + most + ", not '" + text + "'");
        return least;
    }
}
