#!/usr/bin/env bash
# Times Scribe beside other libraries, in turn, so that a change in the machine's speed falls on all.
#
#   bench/run.sh              everything; then docs/Benchmarks.md and its charts are written anew
#   bench/run.sh TOPIC ...    only these, printed: step attention infer ctc decode translate features product
#                             scaling
#
# ROUNDS (5)     how often everything takes its turn
# STEPS (3)      timed training steps of a turn; REPETITIONS (5) of everything else
# THREADS        threads of training steps; all cores unless given
# NETWORKS       of training steps; blstm512 blstm256 deepspeech1 bgru512 crnn unless given
# MODES          of PyTorch's training steps; those of torch_step.py unless given
# PRECISIONS     of Scribe's training steps (fp32 bf16)
# TRANSLATE_MODES   of PyTorch's translator; those of translate.py unless given
# INFERENCE_PRECISIONS   of Scribe's inference (fp32 bf16 int8)
# RESULTS        the file that the results are appended to; a new one under .build/bench unless given
set -euo pipefail

cd "$(dirname "$0")/.."
topics=${*:-step attention infer ctc decode translate features product scaling}
rounds=${ROUNDS:-5}
steps=${STEPS:-3}
repetitions=${REPETITIONS:-5}
cores=$(getconf _NPROCESSORS_ONLN)
threads=${THREADS:-$cores}
networks=${NETWORKS:-blstm512 blstm256 deepspeech1 bgru512 crnn}
modes=${MODES:-float32 autocast bfloat16 fpmath_bf16 compile compile_autocast}
thread_counts=$(printf '1\n%s\n' "$cores" | sort -nu)

for topic in $topics; do
  case $topic in
    step | attention | infer | ctc | decode | translate | features | product | scaling) ;;
    *)
      echo "run: unknown topic '$topic'; use step, attention, infer, ctc, decode, translate, features, product or scaling" >&2
      exit 64
      ;;
  esac
done

scribe_bench=.build/release/scribe-bench
if [ ! -x $scribe_bench ]; then
  echo "run: no $scribe_bench; build it: ${SWIFT:-swift} build -c release --product scribe-bench" >&2
  exit 1
fi
python=$(scripts/bench-venv.sh)
mkdir -p .build/bench
results=${RESULTS:-.build/bench/results-$(date +%Y%m%d-%H%M%S).jsonl}

scribe() { "$scribe_bench" "$@" --json >>"$results"; }
# A peer that fails is named; the others go on.
peer() { "$python" "$@" >>"$results" || echo "run: failed: $*" >&2; }
# PyTorch with the AVX-512 kernels of MKL, which MKL by itself keeps from AMD's processors.
peer_with_avx512() {
  [ -z "$shim" ] || LD_PRELOAD=$shim SCRIBE_MKL_AVX512=1 peer "$@"
}

shim=
if grep -q AuthenticAMD /proc/cpuinfo 2>/dev/null && grep -qw avx512f /proc/cpuinfo &&
  command -v cc >/dev/null; then
  shim=$PWD/.build/bench/mkl_avx512.so
  cc -shared -fPIC -O1 -o "$shim" bench/mkl_avx512.c
fi

time_step() {
  local network precision mode
  for network in $networks; do
    for precision in ${PRECISIONS:-fp32 bf16}; do
      scribe step --network "$network" --precision "$precision" --threads "$threads" \
        --steps "$steps"
    done
    for mode in $modes; do
      peer bench/torch_step.py --network "$network" --mode "$mode" --threads "$threads" \
        --steps "$steps"
    done
    peer_with_avx512 bench/torch_step.py --network "$network" --threads "$threads" --steps "$steps"
  done
}
time_attention() {
  local count precision
  for count in $thread_counts; do
    for precision in ${PRECISIONS:-fp32 bf16}; do
      scribe attention --precision "$precision" --threads "$count" --repetitions "$repetitions"
    done
    peer bench/attention.py --threads "$count" --repetitions "$repetitions"
    peer bench/attention.py --threads "$count" --repetitions "$repetitions" --mode compile
  done
}
time_infer() {
  local network precision
  for network in blstm512 bgru512 deepspeech1; do
    for precision in ${INFERENCE_PRECISIONS:-fp32 bf16 int8}; do
      scribe infer --network "$network" --precision "$precision" --repetitions "$repetitions"
    done
    peer bench/inference.py --network "$network" --repetitions "$repetitions"
    peer_with_avx512 bench/inference.py --network "$network" --repetitions "$repetitions" \
      --mode torch-float32
  done
}
time_ctc() {
  local count
  for count in $thread_counts; do
    scribe ctc --threads "$count" --repetitions "$repetitions"
    peer bench/ctc.py --threads "$count" --repetitions "$repetitions"
  done
}
time_decode() {
  scribe decode --repetitions "$repetitions" --export .build/bench/decode
  peer bench/decode.py .build/bench/decode --repetitions "$repetitions"
}
time_translate() {
  local count mode
  for count in $thread_counts; do
    scribe translate --threads "$count" --steps "$repetitions" --repetitions "$repetitions"
    for mode in ${TRANSLATE_MODES:-float32 autocast bfloat16 compile compile_autocast}; do
      peer bench/translate.py --mode "$mode" --threads "$count" --steps "$repetitions" \
        --repetitions "$repetitions"
    done
    peer_with_avx512 bench/translate.py --threads "$count" --steps "$repetitions" \
      --repetitions "$repetitions"
  done
}
time_features() {
  scribe features --repetitions "$repetitions"
  peer bench/features.py --repetitions "$repetitions"
}
time_product() {
  local count
  for count in $thread_counts; do
    scribe product --threads "$count" --repetitions "$repetitions"
    peer bench/product.py --threads "$count" --repetitions "$repetitions"
    peer_with_avx512 bench/product.py --threads "$count" --repetitions "$repetitions"
  done
}
time_scaling() { scribe scaling --network blstm512 --repetitions "$repetitions"; }

"$scribe_bench" machine >>"$results"
for round in $(seq "$rounds"); do
  for topic in $topics; do
    echo "run: round $round of $rounds: $topic" >&2
    "time_$topic"
  done
done

if [ $# -eq 0 ]; then
  "$scribe_bench" report "$results" --output docs/benchmarks --page docs/Benchmarks.md
  echo "run: wrote docs/Benchmarks.md and docs/benchmarks from $results" >&2
else
  "$scribe_bench" report "$results"
fi
