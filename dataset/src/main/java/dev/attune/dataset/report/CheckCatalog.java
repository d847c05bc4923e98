package dev.attune.dataset.report;

import dev.attune.dataset.quality.CheckKind;
import dev.attune.dataset.quality.QualityChecks;
import dev.attune.dataset.quality.Repair;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Every code that a problem can have, and what it means. Thread-safe. */
public final class CheckCatalog {
    private static final String QUALITY = "What hurts training";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();
    private static final Map<String, CheckEntry> ENTRIES = read();

    private CheckCatalog() {}

    private static Map<String, CheckEntry> read() {
        var entries = new LinkedHashMap<String, CheckEntry>();
        try (InputStream in = Objects.requireNonNull(CheckCatalog.class.getResourceAsStream("checks.json"))) {
            for (CheckEntry entry : MAPPER.readValue(in, CheckEntry[].class)) {
                entries.put(entry.code(), entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (CheckKind kind : QualityChecks.kinds()) {
            entries.merge(kind.code(), entry(kind), CheckCatalog::repaired);
        }
        return entries;
    }

    private static CheckEntry entry(CheckKind kind) {
        String advice = kind.advice().isEmpty() ? "" : " What to do: " + kind.advice() + ".";
        return new CheckEntry(kind.code(), QUALITY, kind.severity().name().toLowerCase(Locale.ROOT), kind.title(),
                kind.explanation() + advice, kind.repair());
    }

    /** A code that is told of in both places keeps its own words and gets the other's fix. */
    private static CheckEntry repaired(CheckEntry entry, CheckEntry quality) {
        return new CheckEntry(entry.code(), entry.family(), entry.severity(), entry.title(), entry.explanation(),
                quality.repair() == Repair.NONE ? entry.repair() : quality.repair());
    }

    /** All entries, family by family. */
    public static List<CheckEntry> entries() {
        Map<String, List<CheckEntry>> families = new LinkedHashMap<>();
        ENTRIES.values().forEach(
                entry -> families.computeIfAbsent(entry.family(), family -> new ArrayList<>()).add(entry));
        return families.values().stream().flatMap(List::stream).toList();
    }

    /** The entry of a code, if there is one. */
    public static Optional<CheckEntry> find(String code) {
        return Optional.ofNullable(ENTRIES.get(code));
    }

    static CheckEntry entry(String code) {
        return find(code).orElseThrow(() -> new IllegalStateException("the code '" + code + "' is not in checks.json"));
    }
}
