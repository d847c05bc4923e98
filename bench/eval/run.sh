#!/usr/bin/env bash
# What an evaluation computes itself: 10,000 rows under five deterministic scorers and 10,000 bootstrap resamples (to be done in 5 s
# on two cores), the page of 10,000 rows, and a journal of a million answers in 512 MB of heap. Where PYTHON names a Python with
# SciPy, its bootstrap of the same scores runs beside ours. Needs a build of the bench module.
#
# usage: bench/eval/run.sh [JOURNAL_ROWS=1000000]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
java=${JAVA:-java}
rows=${1:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bench() {
    "$java" -Xmx512m -cp "$root/bench/target/classes:$root/cli/target/lib/*" dev.attune.bench.EvalBench "$@"
}

echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"
bench rows "$work"
for round in 1 2 3; do bench once "$work"; done
if [ -n "${PYTHON:-}" ]; then
    "$PYTHON" - "$work/scores.txt" <<'PY'
import sys, time
import numpy, scipy, scipy.stats
scores = numpy.loadtxt(sys.argv[1])
began = time.perf_counter()
found = scipy.stats.bootstrap((scores,), numpy.mean, n_resamples=10_000, method="percentile", batch=100, random_state=7)
print(f"scipy {scipy.__version__} bootstrap {time.perf_counter() - began:.2f} s: "
      f"{found.confidence_interval.low:.6f} to {found.confidence_interval.high:.6f}")
PY
fi
bench make "$work/journal.jsonl" "$rows"
bench journal "$work/journal.jsonl"
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
