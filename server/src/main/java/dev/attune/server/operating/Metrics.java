package dev.attune.server.operating;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a server has done since it started, counted, and written as Prometheus reads it (text format 0.0.4). Thread-safe.
 */
public final class Metrics {
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
            60};

    private final Map<Answered, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, Histogram> seconds = new ConcurrentHashMap<>();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder completionTokens = new LongAdder();
    private final LongAdder hangUps = new LongAdder();

    private record Answered(String method, String route, int status) {}

    private static final class Histogram {
        private final LongAdder[] buckets = new LongAdder[SECONDS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Histogram() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        void add(long taken) {
            int bucket = 0;
            while (bucket < SECONDS.length && taken > SECONDS[bucket] * 1e9) {
                bucket++;
            }
            buckets[bucket].increment();
            nanos.add(taken);
        }
    }

    /** @param route with its varying parts in braces, so that there are few */
    public void answered(String method, String route, int status, long nanos) {
        requests.computeIfAbsent(new Answered(method, route, status), key -> new LongAdder()).increment();
        seconds.computeIfAbsent(route, key -> new Histogram()).add(nanos);
    }

    public void tokens(int prompt, int completion) {
        promptTokens.add(prompt);
        completionTokens.add(completion);
    }

    void hungUp() {
        hangUps.increment();
    }

    /** @param gauges what is so now, by name with its labels */
    String text(Map<String, Number> gauges) {
        var text = new StringBuilder();
        head(text, "attune_requests_total", "counter", "Requests answered.");
        requests.entrySet().stream().sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
                .forEach(entry -> text.append("attune_requests_total{method=\"").append(entry.getKey().method())
                        .append("\",route=\"").append(entry.getKey().route()).append("\",status=\"")
                        .append(entry.getKey().status()).append("\"} ").append(entry.getValue().sum()).append('\n'));
        head(text, "attune_request_seconds", "histogram", "Time until a request was answered whole.");
        new TreeMap<>(seconds).forEach((route, histogram) -> write(text, route, histogram));
        head(text, "attune_tokens_total", "counter", "Tokens read and written by models.");
        text.append("attune_tokens_total{kind=\"prompt\"} ").append(promptTokens.sum()).append('\n');
        text.append("attune_tokens_total{kind=\"completion\"} ").append(completionTokens.sum()).append('\n');
        head(text, "attune_hang_ups_total", "counter", "Clients that left before their answer was whole.");
        text.append("attune_hang_ups_total ").append(hangUps.sum()).append('\n');
        String last = "";
        for (Map.Entry<String, Number> gauge : new TreeMap<>(gauges).entrySet()) {
            String name = gauge.getKey().replaceAll("\\{.*", "");
            if (!name.equals(last)) {
                text.append("# TYPE ").append(name).append(" gauge\n");
                last = name;
            }
            text.append(gauge.getKey()).append(' ').append(gauge.getValue()).append('\n');
        }
        return text.toString();
    }

    private static void write(StringBuilder text, String route, Histogram histogram) {
        long count = 0;
        for (int i = 0; i <= SECONDS.length; i++) {
            count += histogram.buckets[i].sum();
            text.append("attune_request_seconds_bucket{route=\"").append(route).append("\",le=\"")
                    .append(i < SECONDS.length ? Double.toString(SECONDS[i]) : "+Inf").append("\"} ").append(count)
                    .append('\n');
        }
        text.append("attune_request_seconds_sum{route=\"").append(route).append("\"} ")
                .append(String.format(Locale.ROOT, "%.6f", histogram.nanos.sum() / 1e9)).append('\n');
        text.append("attune_request_seconds_count{route=\"").append(route).append("\"} ").append(count).append('\n');
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ").append(name).append(' ')
                .append(type).append('\n');
    }
}
