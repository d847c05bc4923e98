#!/usr/bin/env bash
# Checks one chat file with `attune check` and with the logic of OpenAI's notebook on tiktoken, in one run, and prints the ratios:
# what the notebook does too (--only rules,tokens), and every check there is. Then parses and validates alone, on one thread.
# Needs a Python with tiktoken (PYTHON=…) and a build of the bench module (mvn -Dquick -DskipTests package). The peer reads the
# file's first part, since it takes minutes on all. With the usual sizes some six minutes on two free cores, half of it for
# making the file.
#
# usage: bench/check/run.sh [PARTS=10] [PART_MEGABYTES=100] [ROUNDS=3]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
java=${JAVA:-java}
parts=${1:-10}
size=${2:-100}
rounds=${3:-3}
target=openai:gpt-4.1-mini-2025-04-14
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

jar=$(find "$HOME/.m2/repository/com/knuddels/jtokkit" -name 'jtokkit-*.jar' | sort | tail -1)
unzip -qo "$jar" 'com/knuddels/jtokkit/o200k_base.tiktoken' -d "$work"
seq 1 "$parts" | xargs -P 2 -I{} "$python" "$root/bench/count/make.py" "$work/part-{}.jsonl" "$size" {}
for ((part = 1; part <= parts; part++)); do
    cat "$work/part-$part.jsonl" >> "$work/whole.jsonl"
    [[ $part == 1 ]] || rm "$work/part-$part.jsonl"
done
"$root/attune" version > "$work/version.txt"
bytes=$(stat -c %s "$work/whole.jsonl")
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores, $((bytes / 1000000)) MB"

# timed NAME ARGUMENTS…: checks the whole file, leaves the report in NAME.json and in NAME.times a line of seconds: real, user, system
timed() {
    local name=$1 TIMEFORMAT='%R %U %S'
    shift
    { time "$root/attune" check "$work/whole.jsonl" --target "$target" --temp "$work" --json "$@" \
        > "$work/$name.json" 2> "$work/$name.err" || true; } 2>> "$work/$name.times"
    echo "$name: $(tail -1 "$work/$name.times") s (real, user, system), load $(cut -d' ' -f1 /proc/loadavg)"
}

for ((round = 0; round < rounds; round++)); do
    timed rules-and-tokens --only rules,tokens
done
timed everything
"$java" -Xmx512m -XX:+UseSerialGC -cp "$root/bench/target/classes:$root/cli/target/lib/*" \
    dev.attune.bench.ReadBench "$work/part-1.jsonl" > "$work/read.json"
"$python" "$root/bench/count/notebook.py" "$work/part-1.jsonl" "$work/com/knuddels/jtokkit/o200k_base.tiktoken" \
    > "$work/peer.json"
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
"$python" - "$work" <<'PY'
import json, os, sys
work = sys.argv[1]
peer = json.load(open(f"{work}/peer.json"))
read = json.load(open(f"{work}/read.json"))
part = os.path.getsize(f"{work}/part-1.jsonl") / 1e6
whole = os.path.getsize(f"{work}/whole.jsonl") / 1e6
slow, slow_cpu = part / peer["seconds"], part / peer["cpu_seconds"]
print(f"notebook                   {slow:8.1f} MB/s, without the start of Python, {slow_cpu:.1f} MB a processor second; "
      f"{peer['total']:,} tokens in its part")
for name in ("rules-and-tokens", "everything"):
    times = [[float(field) for field in line.split()] for line in open(f"{work}/{name}.times")]
    fast, cpu = max(whole / real for real, _, _ in times), max(whole / (user + system) for _, user, system in times)
    ours = json.load(open(f"{work}/{name}.json"))["files"][0]
    print(f"{'check, ' + name:26} {fast:8.1f} MB/s, whole process, best of {len(times)}, {cpu:.1f} MB a processor second: "
          f"{ours['rows']:,} rows, {ours['tokens']['total']['sum']:,} tokens, {len(ours['findings'])} kinds of findings")
    print(f"{'  ratio':26} {fast / slow:8.1f}; of processor time {cpu / slow_cpu:.1f}")
print(f"parse and validate         {read['mb_per_second']:8.1f} MB/s on one thread, best of 5, {read['rows']:,} rows")
PY
