#!/usr/bin/env bash
# One LoRA step (rank 8, one sequence of 512 tokens, every token trained) of a model of SmolLM2-135M's shape with random
# weights, stored in the type in which it is multiplied: PEFT and Attune by turns in one run, best of several steps and of two
# rounds. Prints tokens a second, peak memory and the ratios, and what share of the rate at which this machine multiplies the
# same shapes (the better of two measurements by torch) is reached within our step. Needs a Python with torch, transformers and
# peft (PYTHON=…).
#
# usage: bench/step/run.sh [attention|all] [STEPS=6]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
java=${JAVA:-java}
targets=${1:-attention}
steps=${2:-6}
threads=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=$threads THREADS=$threads OMP_WAIT_POLICY=PASSIVE

for kind in float32 bfloat16; do
    "$python" "$here/peer.py" "$work/$kind" "$kind" "$targets" 0 --make 2>> "$work/log"
done
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $threads cores, targets $targets"
for round in 1 2; do
    for kind in float32 bfloat16; do
        "$python" "$here/peer.py" "$work/$kind" "$kind" "$targets" 0 --rate 2>> "$work/log" >> "$work/rate-$kind"
        "$python" "$here/peer.py" "$work/$kind" "$kind" "$targets" "$steps" 2>> "$work/log" >> "$work/peer-$kind"
        "$java" -Xmx512m -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -XX:+UseSerialGC \
            --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
            -cp "$root/bench/target/classes:$root/cli/target/lib/*:$root/cli/target/attune-cli.jar" \
            dev.attune.bench.StepBench "$work/$kind" "$targets" "$steps" "$threads" "$kind" 2>> "$work/log" >> "$work/ours-$kind"
    done
done
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
"$python" - "$work" <<'PY'
import json, os, sys
def best(name, key="tokens_per_second"):
    rows = [json.loads(line) for line in open(os.path.join(sys.argv[1], name))]
    return max(rows, key=lambda row: row[key])
for kind in ("float32", "bfloat16"):
    ours, peer = best("ours-" + kind), best("peer-" + kind)
    for name, row in (("attune", ours), ("PEFT", peer)):
        print(f"{name:6} {kind:<8}  {row['tokens_per_second']:7.1f} tok/s  {row['peak_gb']:.2f} GB  loss {row['loss']:.4f}")
    print(f"ratio  {kind:<8}  {ours['tokens_per_second'] / peer['tokens_per_second']:7.2f} x      "
          f"memory {ours['peak_gb'] / peer['peak_gb']:.2f} x")
    rate = best("rate-" + kind, "rate")
    within = rate["operations"] * ours["tokens_per_second"] / 512
    print(f"rate   {kind:<8}  {rate['rate'] / 1e9:7.1f} GFLOP/s of this machine in these shapes, "
          f"{within / 1e9:.1f} within the step: {within / rate['rate']:.0%}")
PY
