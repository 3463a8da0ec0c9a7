#!/usr/bin/env bash
# Runs the training step of one network in Scribe and in PyTorch in turn, so that a change in the
# machine's speed falls on both, and prints the medians and the median of the paired ratios.
#
#   bench/compare.sh [NETWORK] [ROUNDS]      (default: blstm256 5)
#
# TORCH_OPTIONS are handed to torch_step.py, as --channels-last.
#
# SCRIBE_BENCH_PYTHON names a Python that has torch; without it, the virtual environment that
# scripts/bench-venv.sh makes. Where neither exists, Scribe is timed alone.
set -euo pipefail

cd "$(dirname "$0")/.."
network=${1:-blstm256}
rounds=${2:-5}
threads=${THREADS:-$(getconf _NPROCESSORS_ONLN)}
steps=${STEPS:-5}
python=${SCRIBE_BENCH_PYTHON:-.build/bench-venv/bin/python}
scribe_bench=.build/release/scribe-bench

scribe_step() {
  "$scribe_bench" step --network "$network" --threads "$threads" --steps "$steps" --json
}
torch_step() {
  "$python" bench/torch_step.py --network "$network" --threads "$threads" --steps "$steps" \
    ${TORCH_OPTIONS:-}
}
# The median milliseconds of a step, and the sequences that they train a second.
figures() {
  sed -nE 's/.*"medianMilliseconds" ?: ?([0-9.eE+-]+).*"sequencesPerSecond" ?: ?([0-9.eE+-]+).*/\1 \2/p'
}
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
column() { awk -v c="$1" '{ print $c }' "$results"; }

results=$(mktemp)
trap 'rm -f "$results"' EXIT

if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "no Python with torch: Scribe alone (bench/README.md says how to compare)"
  scribe_step
  exit
fi

echo "$network, $threads threads, $rounds rounds of $steps steps each"
echo "median milliseconds a step, and sequences (lines) a second"
printf '%8s %10s %10s %10s %10s %8s\n' round scribe pytorch scribe/s pytorch/s ratio
for round in $(seq "$rounds"); do
  scribe=$(scribe_step | figures)
  torch=$(torch_step | figures)
  if [ -z "$scribe" ] || [ -z "$torch" ]; then
    echo "compare: no medianMilliseconds in the output of round $round" >&2
    exit 1
  fi
  echo "$scribe $torch" | awk '{ print $1, $3, $2, $4, $3 / $1 }' | tee -a "$results" |
    awk -v r="$round" '{ printf "%8d %10.1f %10.1f %10.2f %10.2f %8.2f\n", r, $1, $2, $3, $4, $5 }'
done
printf '%8s %10.1f %10.1f %10.2f %10.2f %8.2f\n' median "$(column 1 | median)" "$(column 2 | median)" \
  "$(column 3 | median)" "$(column 4 | median)" "$(column 5 | median)"
echo "A ratio above 1 means that Scribe is faster."
