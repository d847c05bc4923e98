#!/usr/bin/env bash
# Validates and counts one chat file with `attune count` and with the logic of OpenAI's notebook on tiktoken, in one run, and
# prints the ratio. Needs a Python with tiktoken (PYTHON=…); the peer reads a part of the file, since it takes minutes on all.
#
# usage: bench/count/run.sh [MEGABYTES=1000] [PEER_MEGABYTES=100]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
size=${1:-1000}
peer=${2:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

jar=$(find "$HOME/.m2/repository/com/knuddels/jtokkit" -name 'jtokkit-*.jar' | sort | tail -1)
unzip -qo "$jar" 'com/knuddels/jtokkit/o200k_base.tiktoken' -d "$work"
"$python" "$here/make.py" "$work/part.jsonl" "$peer"
for ((i = 0; i < size; i += peer)); do cat "$work/part.jsonl"; done > "$work/whole.jsonl"
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"

best=0
for _ in 1 2 3 4 5; do
    began=$(date +%s.%N)
    "$root/attune" count "$work/whole.jsonl" --target openai:gpt-4.1-mini-2025-04-14 --json > "$work/ours.json"
    ended=$(date +%s.%N)
    bytes=$(stat -c %s "$work/whole.jsonl")
    speed=$(awk "BEGIN { print $bytes / ($ended - $began) / 1e6 }")
    best=$(awk "BEGIN { print ($speed > $best) ? $speed : $best }")
done
"$python" "$here/notebook.py" "$work/part.jsonl" "$work/com/knuddels/jtokkit/o200k_base.tiktoken" > "$work/peer.json"
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
"$python" - "$work" "$best" "$size" "$peer" <<'PY'
import json, os, sys
work, best = sys.argv[1], float(sys.argv[2])
peer = json.load(open(f"{work}/peer.json"))
ours = json.load(open(f"{work}/ours.json"))
speed = os.path.getsize(f"{work}/part.jsonl") / peer["seconds"] / 1e6
print(f"attune count   {best:8.1f} MB/s, whole process, best of 5")
print(f"notebook       {speed:8.1f} MB/s, without the start of Python")
print(f"ratio          {best / speed:8.1f}")
print("the peer counted", peer["total"], "tokens in its part; attune, in the whole:", json.dumps(ours)[:400])
PY
