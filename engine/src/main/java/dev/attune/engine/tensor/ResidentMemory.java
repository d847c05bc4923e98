package dev.attune.engine.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process that is in RAM, native memory included, as Linux tells it. */
public final class ResidentMemory {
    private ResidentMemory() {}

    /** The most there was so far, in bytes; 0 where the system does not tell. */
    public static long most() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try {
            return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
