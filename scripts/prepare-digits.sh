#!/usr/bin/env bash
# Brings together what `digits-en` is trained on.
#
#   scripts/prepare-digits.sh DIR
#
# DIR/fsdd          the Free Spoken Digit Dataset (CC BY-SA 4.0), fetched from its repository unless
#                   it is there already, with train.jsonl and test.jsonl. As its authors split it:
#                   recordings 0 to 4 of every speaker and digit are for testing.
# DIR/synth-digits  the digits spoken by synthetic voices (scripts/synthesize-digits.sh)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
target=${1:?usage: scripts/prepare-digits.sh DIR}
repository=https://github.com/Jakobovski/free-spoken-digit-dataset
words=(zero one two three four five six seven eight nine)

"$here/bootstrap.sh" speech
mkdir -p "$target"
if [ ! -d "$target/fsdd/recordings" ]; then
  echo "fetching $repository" >&2
  git clone --quiet --depth 1 "$repository" "$target/fsdd"
fi

cd "$target/fsdd"
: >train.jsonl
: >test.jsonl
for file in recordings/*.wav; do
  IFS=_ read -r digit speaker number <<<"$(basename "$file" .wav)"
  if [ "$number" -lt 5 ]; then manifest=test.jsonl; else manifest=train.jsonl; fi
  printf '{"audio_filepath":"%s","duration":%.4f,"text":"%s","speaker":"fsdd-%s"}\n' \
    "$file" "$(soxi -D "$file")" "${words[$digit]}" "$speaker" >>$manifest
done
echo "wrote $(wc -l <train.jsonl) rows to $target/fsdd/train.jsonl, $(wc -l <test.jsonl) to test.jsonl" >&2

cd - >/dev/null
"$here/synthesize-digits.sh" "$target/synth-digits"
