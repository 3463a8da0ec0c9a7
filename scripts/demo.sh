#!/usr/bin/env bash
# Transcribes every recording of samples/ with a bundled model and compares the words with
# samples/manifest.jsonl. Succeeds only if every word of every sample is right.
set -euo pipefail

cd "$(dirname "$0")/.."
scribe=.build/release/scribe
model=digits-en

right=0
total=0
echo "scribe transcribe --model $model samples/*"
while IFS='|' read -r file expected; do
  total=$((total + 1))
  if ! heard=$("$scribe" transcribe --model "$model" "samples/$file"); then
    printf '  FAILED  %-24s\n' "$file"
  elif [ "$heard" = "$expected" ]; then
    right=$((right + 1))
    printf '  right   %-24s %s\n' "$file" "$heard"
  else
    printf '  WRONG   %-24s heard "%s", said "%s"\n' "$file" "$heard" "$expected"
  fi
done < <(sed -n 's/.*"audio_filepath":"\([^"]*\)".*"text":"\([^"]*\)".*/\1|\2/p' samples/manifest.jsonl)

if [ "$total" -eq 0 ]; then
  echo "demo: no row of samples/manifest.jsonl could be read" >&2
  exit 1
fi
echo "$right of $total samples have every word right."
[ "$right" -eq "$total" ]
