#!/usr/bin/env bash
# Makes .build/bench-venv, a virtual environment with the CPU build of PyTorch, for bench/compare.sh.
set -euo pipefail

cd "$(dirname "$0")/.."
python3 -m venv .build/bench-venv
.build/bench-venv/bin/pip install --quiet numpy torch --index-url https://download.pytorch.org/whl/cpu \
  --extra-index-url https://pypi.org/simple
.build/bench-venv/bin/python -c 'import torch; print("bench-venv: torch", torch.__version__)'
