#!/usr/bin/env bash
# Checks one chat file with `attune check` (every check, tokens and price) and with the logic of OpenAI's notebook on tiktoken, in
# one run, and prints the ratio; then parses and validates it alone, on one thread. Needs a Python with tiktoken (PYTHON=…) and
# a build of the bench module; the peer reads a part of the file, since it takes minutes on all.
#
# usage: bench/check/run.sh [MEGABYTES=1000] [PEER_MEGABYTES=100] [ROUNDS=3]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
java=${JAVA:-java}
size=${1:-1000}
peer=${2:-100}
rounds=${3:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

jar=$(find "$HOME/.m2/repository/com/knuddels/jtokkit" -name 'jtokkit-*.jar' | sort | tail -1)
unzip -qo "$jar" 'com/knuddels/jtokkit/o200k_base.tiktoken' -d "$work"
"$python" "$root/bench/count/make.py" "$work/part.jsonl" "$peer"
"$python" "$root/bench/count/make.py" "$work/whole.jsonl" "$size"
bytes=$(stat -c %s "$work/whole.jsonl")
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"

best=0
for ((round = 0; round < rounds; round++)); do
    began=$(date +%s.%N)
    "$root/attune" check "$work/whole.jsonl" --target openai:gpt-4.1-mini-2025-04-14 --temp "$work" --json > "$work/ours.json" || true
    ended=$(date +%s.%N)
    speed=$(awk "BEGIN { print $bytes / ($ended - $began) / 1e6 }")
    echo "round $((round + 1)): $speed MB/s, load $(cut -d' ' -f1 /proc/loadavg)"
    best=$(awk "BEGIN { print ($speed > $best) ? $speed : $best }")
done
"$java" -Xmx512m -XX:+UseSerialGC -cp "$root/bench/target/classes:$root/cli/target/lib/*" \
    dev.attune.bench.ReadBench "$work/part.jsonl" > "$work/read.json"
"$python" "$root/bench/count/notebook.py" "$work/part.jsonl" "$work/com/knuddels/jtokkit/o200k_base.tiktoken" > "$work/peer.json"
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
"$python" - "$work" "$best" "$rounds" <<'PY'
import json, os, sys
work, best = sys.argv[1], float(sys.argv[2])
peer = json.load(open(f"{work}/peer.json"))
read = json.load(open(f"{work}/read.json"))
ours = json.load(open(f"{work}/ours.json"))["files"][0]
speed = os.path.getsize(f"{work}/part.jsonl") / peer["seconds"] / 1e6
print(f"attune check        {best:8.1f} MB/s, whole process, best of {sys.argv[3]}: {ours['rows']:,} rows, "
      f"{ours['tokens']['total']['sum']:,} tokens, {len(ours['findings'])} kinds of findings")
print(f"notebook            {speed:8.1f} MB/s, without the start of Python; it counted {peer['total']:,} tokens in its part")
print(f"ratio               {best / speed:8.1f}")
print(f"parse and validate  {read['mb_per_second']:8.1f} MB/s on one thread, best of 5, {read['rows']:,} rows")
PY
