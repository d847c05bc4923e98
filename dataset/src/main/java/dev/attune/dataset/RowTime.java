package dev.attune.dataset;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** When a row was: an ISO 8601 date or date-time, or seconds since 1970. */
final class RowTime {
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,11}(\\.[0-9]+)?");

    private RowTime() {}

    /** The instant; empty where the value is none. A number of 12 digits or more would be milliseconds, and is none. */
    static Optional<Instant> of(@Nullable Object value) {
        String text = value instanceof String || value instanceof Number ? plain(value) : "";
        if (SECONDS.matcher(text).matches()) {
            var seconds = new BigDecimal(text);
            BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
            return Optional.of(Instant.ofEpochSecond(whole.longValueExact(),
                    seconds.subtract(whole).movePointRight(9).longValue()));
        }
        try {
            TemporalAccessor read = text.length() == 10
                    ? LocalDate.parse(text)
                    : DateTimeFormatter.ISO_DATE_TIME.parseBest(text.replaceFirst(" ", "T"), OffsetDateTime::from,
                            LocalDateTime::from);
            return Optional.of(switch (read) {
                case LocalDate date -> date.atStartOfDay().toInstant(ZoneOffset.UTC);
                case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
                default -> Instant.from(read);
            });
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String plain(Object value) {
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString().strip();
    }
}
