package dev.attune.engine.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * How the C library hands out memory. By default it maps every large block afresh and gives it back when freed, so a
 * training step, which asks for the same blocks again and again, spends its time on page faults.
 */
public final class NativeMemory {
    private static final int TRIM_THRESHOLD = -1;
    private static final int MMAP_THRESHOLD = -3;
    private static final int LARGEST = 1 << 30;

    private NativeMemory() {}

    /** Makes the process keep freed memory for its next use. Does nothing where the C library is not glibc. */
    public static void keepFreed() {
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup().find("mallopt").ifPresent(symbol -> {
            MethodHandle mallopt = linker.downcallHandle(symbol,
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            try {
                int mapped = (int) mallopt.invokeExact(MMAP_THRESHOLD, LARGEST);
                int trimmed = (int) mallopt.invokeExact(TRIM_THRESHOLD, Integer.MAX_VALUE);
                assert mapped == 1 && trimmed == 1;
            } catch (Throwable e) {
                throw new IllegalStateException("mallopt failed", e);
            }
        });
    }
}
