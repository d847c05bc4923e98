#!/usr/bin/env bash
# The server under load, on this machine: how soon it is ready, how fast it answers about jobs with 10,000 of them in its
# store, how fast it takes a large upload in a small heap, how much memory streaming clients take, and what it adds to the
# engine's time to the first token. Needs Python 3 for the store's rows, and about five minutes.
#
# The client runs on the same cores as the server and takes its share of them; the server's own processor time for each
# request is told beside the times, because it says something on a busy machine too.
#
# usage: bench/serve/run.sh [RATE=2000] [SECONDS=10] [CLIENTS=500] [STREAM_SECONDS=60]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
rate=${1:-2000} seconds=${2:-10} clients=${3:-500} stream_seconds=${4:-60}
model=attune-nano
work=$(mktemp -d)
server=""
stop() {
    if [[ -n $server ]]; then
        kill "$server" 2> /dev/null || true
        wait "$server" 2> /dev/null || true
        server=""
    fi
}
trap 'stop; rm -rf "$work"' EXIT

# Starts a server and prints how long it took until it said that it listens.
serve() {
    : > "$work/out"
    local began=$(date +%s.%N)
    ATTUNE_NO_BUILD=1 "$root/attune" serve --port 0 --home "$work/home" > "$work/out" 2> "$work/err" &
    server=$!
    until grep -q listening "$work/out"; do
        kill -0 "$server" 2> /dev/null || { cat "$work/err" >&2; exit 1; }
        sleep 0.005
    done
    ready=$(awk "BEGIN { printf \"%.3f\", $(date +%s.%N) - $began }")
    port=$(grep -oE ':[0-9]+/v1' "$work/out" | grep -oE '[0-9]+' | head -1)
}
# Processor time of the server so far, in milliseconds.
cpu() { awk -v tick="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / tick }' "/proc/$server/stat"; }
resident() { awk '/^VmRSS/ { printf "%d MB", $2 / 1024 }' "/proc/$server/status"; }
java() { "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC "$@"; }

echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"
ATTUNE_NO_BUILD=1 ATTUNE_TRAIN_AOT=1 "$root/attune" < /dev/null || true
for i in 1 2 3 4 5; do
    serve
    echo "ready in $ready s, $(resident) resident"
    stop
done

python3 - "$work/home/attune.db" <<'PY'
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for i in range(10000):
    job = f"ftjob-{i:024d}"
    db.execute("insert into jobs (id, created_at, finished_at, status, model, base, suffix, seed, training_file,"
               " hyperparameters, resolved, fine_tuned_model, trained_tokens) values (?,?,?,?,?,?,?,?,?,?,?,?,?)",
               (job, 1700000000 + i, 1700000100 + i, "succeeded", "attune-nano", "attune-nano", "s", i, "file-abc",
                '{"n_epochs":"auto","batch_size":"auto","learning_rate_multiplier":"auto"}',
                '{"n_epochs":3,"batch_size":8,"learning_rate_multiplier":1.0}', f"ft:attune-nano:attune:s:{i:08d}", 12345))
    for e in range(30):
        db.execute("insert into job_events (job_id, seq, id, created_at, level, message, type, data) values (?,?,?,?,?,?,?,?)",
                   (job, e + 1, f"ftevent-{i}-{e}", 1700000000 + e, "info", f"Step {e}/30: training loss=0.50", "metrics",
                    json.dumps({"step": e, "total_steps": 30, "train_loss": 0.5, "train_mean_token_accuracy": 0.9})))
db.commit()
PY
serve
before=$(cpu)
java -Xmx256m -cp "$root/bench/target/classes" dev.attune.bench.ServeLoad jobs "$port" "$rate" "$seconds" ftjob-000000000000000000005000
awk "BEGIN { printf \"processor time of the server: %.3f ms a request, warm-up included\n\", ($(cpu) - $before) / ($rate * ($seconds * 4 + 1.5)) }"
echo "resident after the jobs: $(resident)"

stop
size=$((512 << 20))
began=$(date +%s.%N)
dd if=/dev/zero of="$work/disk" bs=1M count=512 conv=fsync 2> /dev/null
awk "BEGIN { printf \"disk alone: 512 MB written and synced at %.0f MB/s\n\", 512 / ($(date +%s.%N) - $began) }"
rm "$work/disk"
ATTUNE_MEMORY=256m serve
java -Xmx64m -cp "$root/bench/target/classes" dev.attune.bench.ServeLoad upload "$port" "$size"
echo "resident after the upload with a heap of 256 MB: $(resident)"
stop

serve
echo "resident before the streams: $(resident)"
java -Xmx512m -cp "$root/bench/target/classes" dev.attune.bench.ServeLoad streams "$port" "$clients" "$stream_seconds" $model &
load=$!
for ((i = 1; i <= 4; i++)); do
    sleep $((stream_seconds / 4))
    echo "resident after $((i * stream_seconds / 4)) s of streams: $(resident)"
done
wait $load
java -cp "$root/bench/target/classes" dev.attune.bench.ServeLoad first "$port" 60 $model
stop
OMP_WAIT_POLICY=PASSIVE java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$root/bench/target/classes:$(printf '%s:' "$root"/cli/target/lib/*.jar)" dev.attune.bench.FirstToken 60 "$root/models/$model"
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
