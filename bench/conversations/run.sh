#!/usr/bin/env bash
# Tuning on conversations of uneven length (LoRA rank 8 on all linear layers, 32-bit floats, the loss of the assistant's tokens,
# one epoch): TRL's SFTTrainer as it is, TRL with packing, and Attune's trainer by turns in one run, best of two rounds. Real
# tokens a second between the first and the last step, and the ratios. Needs a Python with trl (PYTHON=…).
#
# usage: bench/conversations/run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
java=${JAVA:-java}
threads=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=$threads THREADS=$threads OMP_WAIT_POLICY=PASSIVE

"$python" "$here/make.py" "$root/models/attune-nano" "$work" 2> "$work/log"
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $threads cores"
for round in 1 2; do
    for way in default packed; do
        "$python" "$here/peer.py" "$work" "$way" 2>> "$work/log" | grep tokens_per_second >> "$work/$way"
    done
    rm -rf "$work/job"
    "$java" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dattune.checkpointSeconds=3600 \
        -cp "$root/bench/target/classes:$root/cli/target/lib/*:$root/cli/target/attune-cli.jar" \
        dev.attune.bench.ConversationBench "$work/model" "$work/train.jsonl" "$work/job" 2>> "$work/log" >> "$work/attune"
done
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
"$python" - "$work" <<'PY'
import json, os, sys
def best(name):
    rows = [json.loads(line) for line in open(os.path.join(sys.argv[1], name))]
    return max(row["tokens_per_second"] for row in rows), rows[0]["tokens"]
ours, tokens = best("attune")
print(f"attune       {ours:8.1f} tok/s of {tokens}")
for way in ("default", "packed"):
    peer, tokens = best(way)
    print(f"TRL {way:8} {peer:8.1f} tok/s of {tokens}  ratio {ours / peer:.2f}")
PY
