#!/usr/bin/env bash
# Compiles the kernels for 64-bit ARM and compares the NEON ones with the portable ones, under
# emulation where this machine is another. Wants clang, Debian's libc6-dev-arm64-cross,
# gcc-aarch64-linux-gnu and qemu-user-static; without them it says what is missing and leaves.
set -euo pipefail

cd "$(dirname "$0")/.."
compile=(clang -std=c11 -O2 -ISources/CKernels/include)
run=()
if [ "$(uname -m)" != aarch64 ] && [ "$(uname -m)" != arm64 ]; then
  for tool in clang qemu-aarch64-static aarch64-linux-gnu-gcc; do
    command -v "$tool" >/dev/null || {
      echo "test-neon: skipped, $tool is missing (packages gcc-aarch64-linux-gnu," \
        "libc6-dev-arm64-cross, qemu-user-static)"
      exit 0
    }
  done
  compile+=(--target=aarch64-linux-gnu --gcc-toolchain=/usr -static -fuse-ld=lld)
  run=(qemu-aarch64-static)
fi
program=$(mktemp)
trap 'rm -f "$program"' EXIT
"${compile[@]}" Tests/KernelsEmulated/compare.c Sources/CKernels/*.c -o "$program" -lm
"${run[@]}" "$program" neon
