#!/usr/bin/env bash
# The tests: the fast part in debug, where overflow and exclusivity are checked; the kernels under
# every instruction set that this machine has; then the whole suite in release.
set -euo pipefail

cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
fast='^(ConfigurationTests|TensorsTests|AutogradTests|DecodingTests|MarkupTests|InkTests|ArchitectureTests)\.'
kernels='^(TensorsTests|AutogradTests|LayersTests)\.'

say() { printf '\n== %s\n' "$*"; }

say "Debug: configuration, tensors, autograd, decoding, markup, ink, architecture"
"$swift" test --filter "$fast"

say "Release: building the suite"
"$swift" build -c release --build-tests

# `scribe-bench kernels --list` names the instruction sets of this machine, one a line.
sets=$(.build/release/scribe-bench kernels --list | grep -E '^(portable|avx2|avxvnni|avx512|avx512bf16|neon)$') || {
  echo "test: 'scribe-bench kernels --list' names no instruction set" >&2
  exit 1
}
for set in $sets; do
  say "Release: kernels with $set"
  SCRIBE_KERNELS=$set "$swift" test -c release --skip-build --filter "$kernels"
done

say "NEON kernels beside portable ones, under emulation where the machine is another"
scripts/test-neon.sh

say "Release: the whole suite"
"$swift" test -c release --skip-build
