package dev.attune.engine.train;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How long a job was worked on, by its progress: the time before it was gone on with does not count. */
final class ActiveTime {
    private ActiveTime() {}

    /** From the estimate, or else the first line, to {@code now}. */
    static Duration of(List<Progress> lines, Instant now) {
        Duration active = Duration.ZERO;
        Optional<Instant> before = Optional.empty();
        for (Progress line : lines) {
            boolean rested = line instanceof Progress.Note note
                    && (note.message().startsWith(Trainer.CONTINUES) || note.message().startsWith(Trainer.BEGINS_AGAIN)
                            || note.message().equals(DiskRoom.ROOM_AGAIN));
            if (before.isPresent() && !rested) {
                active = active.plus(Duration.between(before.get(), line.time()));
            }
            if (line instanceof Progress.Note note && note.message().startsWith(JobEstimate.BEGINNING)) {
                active = Duration.ZERO;
            }
            before = Optional.of(line.time());
        }
        return before.isPresent() ? active.plus(Duration.between(before.get(), now)) : active;
    }
}
