#!/usr/bin/env bash
# Does training in bf16 cost accuracy? Trains one recipe from several seeds in fp32 and in bf16, in
# turn, and prints the error of each final model on a manifest, measured in fp32.
#
#   bench/precision.sh RECIPE MANIFEST SEEDS [OPTION...]
#
# Options are handed to `scribe train`, as --set epochs=8. Runs go to runs/precision.
set -euo pipefail

recipe=${1:?usage: bench/precision.sh RECIPE MANIFEST SEEDS [OPTION...]}
manifest=${2:?}
seeds=${3:?}
shift 3
scribe=${SCRIBE:-.build/release/scribe}
name=$(basename "$recipe" .yaml)

printf '%-14s %5s %6s %8s %9s\n' recipe seed prec. 'CER %' seconds
for seed in $(seq "$seeds"); do
  for precision in fp32 bf16; do
    run=runs/precision/$name-$seed-$precision
    rm -rf "$run"
    start=$(date +%s)
    "$scribe" train "$recipe" -o "$run" --set seed="$seed" --set precision=$precision "$@" \
      >/dev/null 2>&1
    seconds=$(($(date +%s) - start))
    error=$("$scribe" evaluate --model "$run/best.safetensors" --json "$manifest" |
      sed -nE '1s/[^{]*\{[^{]*"characterErrorRate":\{[^}]*"rate":([0-9.eE+-]+).*/\1/p')
    awk -v n="$name" -v s="$seed" -v p="$precision" -v e="$error" -v t="$seconds" \
      'BEGIN { printf "%-14s %5d %6s %8.2f %9d\n", n, s, p, 100 * e, t }'
  done
done
