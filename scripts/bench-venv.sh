#!/usr/bin/env bash
# Makes .build/bench-venv, a virtual environment with the libraries that bench/run.sh compares with,
# and prints its Python. Installs only what is missing.
#
# SCRIBE_BENCH_PYTHON names another Python, which is then only looked at.
set -euo pipefail

cd "$(dirname "$0")/.."
python=${SCRIBE_BENCH_PYTHON:-.build/bench-venv/bin/python}
# module=package; the builds of PyTorch for processors come from its own index.
pytorch=(torch=torch torchaudio=torchaudio)
others=(numpy=numpy onnx=onnx onnxruntime=onnxruntime librosa=librosa
  kaldi_native_fbank=kaldi-native-fbank kenlm=kenlm pyctcdecode=pyctcdecode)

missing() { # module=package ... : the packages whose module is not found
  local pair
  for pair in "$@"; do
    "$python" -c "import importlib.util, sys; sys.exit(not importlib.util.find_spec('${pair%%=*}'))" ||
      echo "${pair#*=}"
  done
}

if [ -n "${SCRIBE_BENCH_PYTHON:-}" ]; then
  absent=$(missing "${pytorch[@]}" "${others[@]}" | xargs)
  if [ -n "$absent" ]; then echo "bench-venv: $python lacks $absent" >&2; fi
else
  [ -x "$python" ] || python3 -m venv .build/bench-venv
  for index in https://download.pytorch.org/whl/cpu https://pypi.org/simple; do
    case $index in
      *pytorch*) packages=$(missing "${pytorch[@]}") ;;
      *) packages=$(missing "${others[@]}") ;;
    esac
    [ -n "$packages" ] || continue
    echo "bench-venv: installing" $packages "from $index" >&2
    # shellcheck disable=SC2086
    "$python" -m pip install --quiet --retries 1 $packages --index-url "$index" \
      --extra-index-url https://pypi.org/simple >&2
  done
fi
echo "$python"
